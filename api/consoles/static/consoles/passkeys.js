// Passkeys: the server says what to sign or to make, the browser asks the person, the answer goes back as it is.
// Every sentence comes from the page.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function options(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const said = await answer.json();
  return {
    ...said,
    challenge: bytes(said.challenge),
    ...(said.user && { user: { ...said.user, id: bytes(said.user.id) } }),
    excludeCredentials: known(said.excludeCredentials),
    allowCredentials: known(said.allowCredentials),
  };
}

function written(credential) {
  const { response } = credential;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const parts = names.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(parts),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function sign(button) {
  const credential = await navigator.credentials.get({ publicKey: await options(button.dataset.address) });
  const answer = await fetch(button.dataset.address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
    },
    body: written(credential),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  location.assign((await answer.json()).next);
}

async function make(place, form) {
  const credential = await navigator.credentials.create({ publicKey: await options(place.dataset.address) });
  form.elements.answer.value = written(credential);
  form.submit();
}

function attempt(place, act) {
  const fault = document.querySelector("[data-passkey-fault]");
  fault.textContent = "";
  act().catch(() => {
    fault.textContent = place.dataset.failed;
  });
}

for (const button of document.querySelectorAll("[data-passkey=sign]")) {
  button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", () => attempt(button, () => sign(button)));
}
for (const place of document.querySelectorAll("[data-passkey=make]")) {
  const form = place.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(place, () => make(place, form));
  });
}
