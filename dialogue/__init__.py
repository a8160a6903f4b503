"""What we add inside the Rasa process: input channel, tracker store, launcher."""
