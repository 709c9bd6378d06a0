"""When a customer answers, by which way and at what hour; and in which parts of the year or of the month it pays otherwise."""
