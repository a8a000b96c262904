// Fills in when the session ends, as the application's own address /auth/session says it. The header is one that no form
// of another site can send.
const section = document.getElementById("session");
const answer = await fetch("/auth/session", { headers: { "X-Requested-With": "fetch" } });
if (answer.ok) {
  const session = await answer.json();
  for (const place of section.querySelectorAll("[data-time]")) {
    place.textContent = new Date(session[place.dataset.time]).toLocaleString();
  }
  section.hidden = false;
}
