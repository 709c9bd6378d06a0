"""Diagnosis: whether the record says that a customer wants to pay and can: a proposal that a person accepts or corrects."""
