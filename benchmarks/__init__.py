"""Programs that measure understanding, speed and memory; none of them is a test."""
