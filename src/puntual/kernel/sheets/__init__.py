"""Spreadsheets, whatever their format: where their header is, their rows, and what dates, amounts and currencies in them mean."""
