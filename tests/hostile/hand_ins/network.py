# Attack: talks to the machine's own ports and to the world.
# expect: base=right outcome=graded
# --- cell
import socket, urllib.request
for address in (("127.0.0.1", 22), ("127.0.0.1", 8888), ("10.0.0.1", 80), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, timeout=0.2)
        print("CANARY-reached", address)
    except OSError as error:
        print(type(error).__name__)
try:
    socket.getaddrinfo("example.org", 80)
    print("CANARY-resolved")
except OSError as error:
    print(type(error).__name__)
