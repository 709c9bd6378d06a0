"""Bank files into statements, purely: no Django, no database, no clock.

found = read(path)                  the one door: what kind of file it is shows in its content, never in its name
found.statements                    each an account's lines between two balances
found.warnings                      what a person should know, in words
"""
