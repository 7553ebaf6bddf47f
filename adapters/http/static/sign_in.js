// The code in the address is good once: send it, and leave no trace of it in the history.
history.replaceState(null, "", "/sign-in");
document.getElementById("sign-in").submit();
