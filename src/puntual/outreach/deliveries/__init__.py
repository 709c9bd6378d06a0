"""What became of a message after its provider took it: delivered, read, or come to nothing."""
