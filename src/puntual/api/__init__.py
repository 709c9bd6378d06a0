"""What machines ask of us over HTTP."""
