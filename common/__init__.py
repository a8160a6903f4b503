"""What every room needs: settings, the secret, the words. Imports no other room."""
