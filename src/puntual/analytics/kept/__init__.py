"""Reports that take long to work out, made beforehand by the day's job and read as they were then."""
