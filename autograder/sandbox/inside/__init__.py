"""What runs inside the sandbox: warm parent, worker, shell, and the wire that both sides speak."""
