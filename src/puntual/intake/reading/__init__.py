"""Spreadsheets into typed rows, purely: no Django, no database, no clock.

    table = open_table(path)                                  kernel.sheets  what kind of file, where its header is
    proposal = propose(table, "invoices", given=mapping)      proposals   which column is what, in which format
    proposal.questions                                        what only a person can decide: never guessed
    for chunk in read_chunks(table, proposal): ...            rows        typed rows, refused rows, remarks

Nothing is read wrongly in silence: a cell that cannot be read refuses its row with line, column, value and reason
(`kernel.sheets.reasons`), a column that can be read in two ways becomes a question.
"""
