// Fills in when the session ends, as the application's own address /auth/session says it. The header is one that no form
// of another site can send.
const section = document.getElementById("session");
const answer = await fetch("/auth/session", { headers: { "X-Requested-With": "fetch" } });
if (answer.ok) {
  const session = await answer.json();
  const clock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "long" }); // as the server writes times
  for (const place of section.querySelectorAll("[data-time]")) {
    place.textContent = clock.format(new Date(session[place.dataset.time]));
  }
  section.hidden = false;
}
