"""“I have paid”: what a customer says was paid, until somebody has found the money or not."""
