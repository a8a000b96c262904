// Calls the API. The browser adds the cookie of the session. Without a session the answer has the status 401 and the
// address of the login, which comes back to this page.
const place = document.getElementById("answer");

document.getElementById("call").addEventListener("click", async () => {
  place.textContent = "Calling the API …";
  try {
    const answer = await fetch("/api");
    const body = await answer.json();
    if (answer.ok) {
      place.textContent = body.message;
    } else if (answer.status === 401) {
      const link = document.createElement("a");
      link.id = "login-again";
      link.href = body.login;
      link.textContent = "Sign in";
      place.replaceChildren("The API refused the call: you are not signed in. ", link);
    } else {
      place.textContent = body.detail;
    }
  } catch {
    place.textContent = "The application did not answer. Try again.";
  }
});
