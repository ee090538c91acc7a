// Comfort only: every page works without it. Shows what was typed into a password field, and keeps an impatient second
// press of a button from sending the form twice.

for (const field of document.querySelectorAll('input[type=password]')) {
  const { show, hide, showPassword, hidePassword } = document.body.dataset;
  const toggle = document.createElement('button');
  const label = () => {
    const shown = field.type === 'text';
    toggle.textContent = shown ? hide : show;
    toggle.setAttribute('aria-label', shown ? hidePassword : showPassword);
  };
  toggle.type = 'button';
  toggle.className = 'reveal';
  toggle.setAttribute('aria-controls', field.id);
  toggle.addEventListener('click', () => {
    field.type = field.type === 'text' ? 'password' : 'text';
    label();
  });
  label();
  field.after(toggle);
  // Sent as a password again, so that no browser offers to remember it as ordinary text.
  field.form.addEventListener('submit', () => {
    field.type = 'password';
    label();
  });
}

for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.ariaBusy === 'true') event.preventDefault();
    form.ariaBusy = 'true';
  });
}

// A page that comes back from the browser's memory must be usable again.
addEventListener('pageshow', () => {
  for (const form of document.forms) form.ariaBusy = null;
});
