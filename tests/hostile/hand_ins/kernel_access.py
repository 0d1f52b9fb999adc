# Attack: reaches for the kernel, its parent and its sockets.
# expect: base=wrong outcome=graded
# --- cell
for text in ("get_ipython().kernel.shell", "get_ipython().parent.session", "get_ipython().kernel.comm_manager",
             "get_ipython().history_manager.get_tail(100)"):
    try:
        print(eval(text))
    except Exception as error:
        print(type(error).__name__)
import ipykernel
# --- last
get_ipython().set_next_input("check = print")
get_ipython().ask_exit()
