// What extensions import; the page itself has put it there.
export const api = window.comfyAPI.api.api;
