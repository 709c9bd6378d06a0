"""The collections manual as data, and the pure decision it leads to."""
