# Oddity: waits for somebody at the keyboard; the cell fails, the marks stay.
# expect: base=right outcome=graded
# --- cell
name = input("Your name? ")
# --- cell
import getpass
getpass.getpass()
