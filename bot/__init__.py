"""The gateway: a channel-free core, the Telegram adapter and the console adapter on it."""
