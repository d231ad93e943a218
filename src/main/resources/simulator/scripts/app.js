// What extensions import; the page itself has put it there.
export const app = window.comfyAPI.app.app;
