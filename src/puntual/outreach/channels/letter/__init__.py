"""Letters: set as PDF, gathered into print batches, posted by people, proved or returned.

A batch claims the approved letters (`claiming`), a worker looks at each again and sets it (`making`), and people say what became
of them: posted or put back (`posting`), returned (`returning`), delivered with its proof (`proving`).
"""
