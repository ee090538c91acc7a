// Comfort only: every page works without it. Shows what was typed into a password field, copies and prints codes, and keeps an
// impatient second press of a button from sending the form twice.

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

for (const tools of document.querySelectorAll('.codesControl .tools')) {
  const codes = tools.parentElement.querySelector('.codes');
  const said = tools.querySelector('[data-copied]');
  tools.hidden = false;
  tools.querySelector('[data-print]').addEventListener('click', () => print());
  tools.querySelector('[data-copy]').addEventListener('click', async () => {
    await navigator.clipboard.writeText([...codes.children].map((code) => code.textContent).join('\n'));
    said.textContent = said.dataset.copied;
  });
}

// A page that comes back from the browser's memory must be usable again.
addEventListener('pageshow', () => {
  for (const form of document.forms) form.ariaBusy = null;
});
