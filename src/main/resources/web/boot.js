/*
 * The first script of ComfyUI's page behind Anteroom. It sends runs to the queue, reports that it is active, and loads
 * the widget. The page works the same without it: the proxy intercepts every run anyway. So any failure in here falls
 * back to the browser's own fetch.
 */
(function () {
  'use strict';

  var MARK = Symbol.for('anteroom');
  if (window[MARK]) {
    return;
  }

  var nativeFetch = window.fetch;
  var script = document.currentScript;
  var place = placeOf(script.src);
  var anteroom = {
    version: place.version,
    user: place.user,
    queue: place.root + '/api/v1/comfy/queue',
    config: { poll_interval_ms: 2000 },
    notices: [],
    notice: notice,
    fetch: function (address, init) { return nativeFetch.call(window, address, init); },
    query: function () { return anteroom.user ? '?user=' + encodeURIComponent(anteroom.user) : ''; }
  };
  Object.defineProperty(window, MARK, { value: anteroom });

  window.fetch = catchRuns();
  loadConfig();
  whenParsed(loadWidget);
  whenLoaded(sayHello);

  /** Parses the address of this script: {root}/u/{user}/_anteroom/boot.{version}.js, or the long form of it. */
  function placeOf(address) {
    var url = new URL(address, document.baseURI);
    var base = url.pathname.replace(/\/_anteroom\/[^/]*$/, '');
    var student = /^(.*)\/(?:u|api\/v1\/comfy\/proxy)\/([^/]+)$/.exec(base);
    var version = /boot\.([0-9a-f]+)\.js$/.exec(url.pathname);
    return {
      base: base,
      root: student ? student[1] : '',
      user: student ? decodeURIComponent(student[2]) : '',
      version: version ? version[1] : ''
    };
  }

  function catchRuns() {
    var runs = [place.base + '/api/prompt', place.base + '/prompt', '/api/prompt', '/prompt'];
    // A method has a name, a length and no prototype, as the browser's own fetch.
    var caught = {
      fetch(input) {
        var init = arguments[1];
        var request;
        try {
          request = isRun(input, init, runs) && requestOf(input, init);
        } catch (surprise) {
          request = null;
        }
        return request ? submit(request) : noticing(nativeFetch.apply(window, arguments));
      }
    }.fetch;
    Object.defineProperty(caught, 'toString', {
      value: function toString() { return Function.prototype.toString.call(nativeFetch); }
    });
    Object.defineProperty(caught, MARK, { value: true });
    return caught;
  }

  /** Returns the response unchanged; notifies the student of an instance that is missing from it. */
  function noticing(answer) {
    answer.then(function (response) {
      var left = response.headers.get('X-Anteroom-Left-Out');
      if (left) {
        notice({ code: 'left_out', instance: decodeURIComponent(left), count: 1 });
      }
    }).catch(function () { /* The caller handles it. */ });
    return answer;
  }

  /** The widget may come later. */
  function notice(detail) {
    anteroom.notices = anteroom.notices.concat(detail).slice(-20);
    announce('anteroom:notice', detail);
  }

  function isRun(input, init, runs) {
    var isRequest = input instanceof Request;
    var method = init && init.method || (isRequest ? input.method : 'GET');
    if (String(method).toUpperCase() !== 'POST') {
      return false;
    }
    var url = new URL(isRequest ? input.url : String(input), document.baseURI);
    return url.origin === location.origin && runs.indexOf(url.pathname) >= 0;
  }

  /**
   * Where a run was to go and with what; its body may be a promise. Null when the body can be read only once: then there
   * would be no second try, so the proxy shall have it.
   */
  function requestOf(input, init) {
    if (!(input instanceof Request)) {
      var body = init && init.body;
      return body instanceof ReadableStream ? null : { address: String(input), init: init || {}, body: body };
    }
    // The clone keeps the caller's request whole for the case that ours cannot be made.
    var request = new Request(input.clone(), init);
    return {
      address: request.url,
      init: {
        method: request.method, headers: request.headers, cache: request.cache, redirect: request.redirect,
        referrer: request.referrer, signal: request.signal, keepalive: request.keepalive
      },
      body: request.arrayBuffer()
    };
  }

  /** Sends a run to the queue; to its original address when the queue cannot be reached. */
  function submit(request) {
    announce('anteroom:submitted', {});
    // fetch's own promise, so that the caller gets the type that the browser gives.
    var answer = Promise.resolve(request.body).then(function (body) {
      var init = Object.assign({}, request.init, { method: 'POST', body: named(body), credentials: 'include' });
      var ours = Object.assign({}, init, { headers: new Headers(init.headers) });
      ours.headers.set('X-Anteroom-Via', 'script');
      return anteroom.fetch(anteroom.queue + '/execute' + anteroom.query(), ours).then(function (response) {
        return response.status === 404 ? anteroom.fetch(request.address, init) : response;
      }, function (failure) {
        return isAbort(failure, init.signal) ? Promise.reject(failure) : anteroom.fetch(request.address, init);
      });
    });
    answer.then(tellOutcome, function () { announce('anteroom:answered', { status: 0 }); });
    return answer;
  }

  /**
   * A run's body with an id of its own. Should the answer be lost and the run be sent again on the other way, it is the
   * same run.
   */
  function named(body) {
    var text = body instanceof ArrayBuffer ? new TextDecoder().decode(body) : body;
    if (typeof text !== 'string' || !/^\s*\{\s*"/.test(text) || text.indexOf('"prompt_id"') >= 0) {
      return body;
    }
    return text.replace('{', '{"prompt_id":"' + uuid() + '",');
  }

  /** crypto.randomUUID is missing on pages that are neither https nor local. */
  function uuid() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    var hex = Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  function isAbort(failure, signal) {
    return signal && signal.aborted || failure && failure.name === 'AbortError';
  }

  function tellOutcome(response) {
    response.clone().text().then(parsed).then(
      function (body) { announce('anteroom:answered', { status: response.status, body: body }); },
      function () { announce('anteroom:answered', { status: response.status }); });
  }

  /** Of Python's JSON too, in which NaN and Infinity are numbers. */
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch (notStrict) {
      return JSON.parse(text.replace(/"(?:[^"\\]|\\[^])*"|-?\b(?:NaN|Infinity)\b/g, function (part) {
        return part[0] === '"' ? part : 'null';
      }));
    }
  }

  function announce(name, detail) {
    try {
      window.dispatchEvent(new CustomEvent(name, { detail: detail }));
    } catch (surprise) {
      // Listeners are optional.
    }
  }

  function loadConfig() {
    anteroom.fetch(place.base + '/_anteroom/config.json', { credentials: 'include', cache: 'no-cache' })
      .then(function (response) { return response.ok ? response.json() : {}; })
      .then(function (config) {
        Object.assign(anteroom.config, config);
        anteroom.user = config.user || anteroom.user;
        announce('anteroom:configured');
      })
      .catch(function () { /* The defaults will do. */ });
  }

  function whenParsed(work) {
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', work);
    } else {
      work();
    }
  }

  function whenLoaded(work) {
    if (document.readyState === 'complete') {
      work();
    } else {
      window.addEventListener('load', work);
    }
  }

  function loadWidget() {
    var widget = document.createElement('script');
    widget.src = script.src.replace(/boot((?:\.[0-9a-f]+)?\.js)$/, 'widget$1');
    widget.nonce = script.nonce;
    document.head.appendChild(widget);
  }

  /** The page sets its version only when it is rendered, so poll for it for a few seconds. */
  function sayHello() {
    var polls = 0;
    var timer = setInterval(function () {
      var frontend = window.__COMFYUI_FRONTEND_VERSION__;
      polls += 1;
      if (frontend || polls > 20) {
        clearInterval(timer);
        hello(String(frontend || '').slice(0, 40));
      }
    }, 250);
  }

  function hello(frontend) {
    anteroom.fetch(place.base + '/_anteroom/hello', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      credentials: 'include',
      keepalive: true,
      body: JSON.stringify({ version: anteroom.version, frontend: frontend })
    }).catch(function () { /* It is counted as missing. */ });
  }
})();
