// Asks the browser for a security key: form[data-security-key="create" | "get"] holds the server's options as JSON and
// the hidden box for the answer. Binary values travel as base64url.

function bytes(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function read(options) {
  const key = structuredClone(options.publicKey);
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.excludeCredentials, key.allowCredentials]) {
    for (const known of list ?? []) known.id = bytes(known.id);
  }
  return { publicKey: key };
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

const REASONS = {
  InvalidStateError: "This key belongs to your account already. Use another.",
  SecurityError: "A security key works only at the address of this service, by https. Open it there.",
};

async function use(form) {
  const words = form.querySelector("[data-security-key-words]");
  const options = read(JSON.parse(form.querySelector("script[type='application/json']").textContent));
  words.textContent = "Touch your key, or follow what your browser asks.";
  try {
    const credential = await navigator.credentials[form.dataset.securityKey](options);
    form.elements.credential.value = written(credential);
  } catch (error) {
    words.textContent = REASONS[error.name] ?? "No key was used. Try again when you have it at hand.";
    return;
  }
  form.submit();
}

export function startSecurityKeys() {
  for (const form of document.querySelectorAll("form[data-security-key]")) {
    const words = form.querySelector("[data-security-key-words]");
    if (!window.PublicKeyCredential) {
      words.textContent = "This browser cannot use security keys here. They need a newer browser, and https.";
      continue;
    }
    words.textContent = "";
    form.querySelector("button").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      use(form);
    });
  }
}
