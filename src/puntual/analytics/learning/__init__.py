"""A model of lateness learned from an organization's own ledger, used only where it is surely better
than each customer's own rate.
"""
