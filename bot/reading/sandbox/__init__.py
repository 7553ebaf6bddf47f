"""What keeps a reading child from everything but its input and its pipe, on Linux; elsewhere it does nothing.

The packages for this are no way out: the one for Landlock never left its preview, the one for seccomp needs a library
that few systems have, and neither knows namespaces. Each module here is one of the kernel's means, called by ctypes.
"""
