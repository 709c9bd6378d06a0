"""The rows behind the figures of reports: every figure that is a sum or a count leads to what it is made of.

`lines` are rows of one shape, whatever they are; `ledger`, `credit`, `contacts` and `agreed` say which rows make a figure;
`catalog` names the figures of each report that have rows.
"""
