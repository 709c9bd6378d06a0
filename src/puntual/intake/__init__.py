"""Files in: spreadsheets read, typed, checked and landed, row by row and without loss."""
