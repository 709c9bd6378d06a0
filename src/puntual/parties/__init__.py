"""Who owes whom: creditors, parties, customers, people and the points where they can be reached."""
