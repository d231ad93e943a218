/*
 * Loaded by ComfyUI's page itself, as one of its extensions. Brings in the boot script where the page lacks it, because
 * it could not be put into its head.
 */
if (!window[Symbol.for('anteroom')]) {
  const boot = document.createElement('script');
  boot.src = import.meta.url.replace('/extension.', '/boot.');
  document.head.appendChild(boot);
}
