/*
 * The pill on ComfyUI's page: the state of the student's tasks, in ComfyUI's own colours. Started by boot.js, whose
 * findings it shares. Everything from outside is written as text, never as markup (XSS).
 */
(function () {
  'use strict';

  var anteroom = window[Symbol.for('anteroom')];
  if (!anteroom || customElements.get('anteroom-pill')) {
    return;
  }

  var MESSAGES = {
    en: {
      title: 'My tasks', idle: 'Ready', sent: 'Submitted', queued: 'Waiting', processing: 'Running', completed: 'Done',
      failed: 'Failed', cancelled: 'Cancelled', timed_out: 'Stopped, it took too long', lost: 'Lost by its instance',
      offline: 'Connection lost, trying again; tasks go on', signed_out: 'Signed out; tasks go on. Reload the page',
      looking: 'Viewing {0}', place: 'place {0}', place_of: 'place {0} of {1}',
      kept: 'the task is kept', instance_gave_up: 'its ComfyUI was out for too long; it was not run', step: 'step {0}/{1}', about: 'about {0}', left: 'about {0} left', seconds: '{0} s', minutes: '{0} min',
      cancel: 'Cancel', cancelling: 'Cancelling…', cancel_all: 'Cancel all mine', sure: 'Really cancel {0}?',
      cancel_failed: 'Could not be cancelled: {0}', none: 'No tasks yet. Press Run.', details: 'Details',
      move: 'Move to the next corner', close: 'Close', refused: 'Not accepted', attempt: 'attempt {0}', colon: ': ',
      left_out: 'ComfyUI on {0} does not answer; its list shows only what Anteroom knows', times: '{0} times',
      dismiss: 'Dismiss', outputs_left_out: 'results only in ComfyUI’s history'
    },
    zh: {
      title: '我的任务', idle: '就绪', sent: '已提交', queued: '排队中', processing: '运行中', completed: '已完成',
      failed: '失败', cancelled: '已取消', timed_out: '超时，已停止', lost: '实例丢失了该任务',
      offline: '连接已断开，正在重试；任务不受影响', signed_out: '已退出登录；任务不受影响。请刷新页面',
      looking: '正在查看 {0}', place: '第 {0} 位', place_of: '第 {0} 位（共 {1} 个）',
      kept: '任务已保留', instance_gave_up: '其 ComfyUI 长时间不可用，任务未运行', step: '第 {0}/{1} 步', about: '预计 {0}', left: '预计还需 {0}', seconds: '{0} 秒', minutes: '{0} 分钟',
      cancel: '取消', cancelling: '正在取消…', cancel_all: '取消我的全部任务', sure: '确定取消 {0} 个任务？',
      cancel_failed: '无法取消：{0}', none: '还没有任务。请点击“运行”。', details: '详情',
      move: '移到下一个角落', close: '关闭', refused: '未被接受', attempt: '第 {0} 次尝试', colon: '：',
      left_out: '{0} 上的 ComfyUI 没有响应；列表仅显示 Anteroom 已知的内容', times: '{0} 次',
      dismiss: '不再显示', outputs_left_out: '结果仅保存在 ComfyUI 的历史记录中'
    }
  };

  var GLYPHS = {
    idle: '○', sent: '◔', queued: '◔', processing: '▶', completed: '✓', failed: '✕', cancelled: '–', timed_out: '■',
    lost: '✕', offline: '⚠', signed_out: '⚠', refused: '✕', notice: '⚠'
  };
  var LOCALES = { en: 'en', zh: 'zh-CN' };
  var tongue = 'en';
  var ACTIVE = ['queued', 'processing'];
  var WRONG = ['failed', 'timed_out', 'lost'];
  /** Distances from left and top, negative ones from right and bottom; clear of ComfyUI's bars and figures. */
  var CORNERS = [{ x: 128, y: -16 }, { x: 72, y: 64 }, { x: -16, y: 64 }, { x: -16, y: -16 }];
  var ANNOUNCE_MS = 30000;
  var STREAM_AGAIN_MS = 30000;
  var TIMES_PASS_MS = 5000;
  /** How long the pill itself shows a notice; the panel shows it until it is dismissed. */
  var NOTICE_MS = 20000;
  var MAX_NOTICES = 5;

  var STYLE = [
    ':host{all:initial;position:fixed;z-index:999;font:13px/1.4 Inter,system-ui,-apple-system,"Segoe UI",Roboto,',
    '"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:var(--input-text,#ddd)}',
    '*{box-sizing:border-box}',
    'button{font:inherit;color:inherit;cursor:pointer;min-width:24px;min-height:24px;border:0;border-radius:6px;',
    'background:transparent;padding:2px 8px}',
    'button:focus-visible,summary:focus-visible{outline:2px solid #64b5f6;outline-offset:2px}',
    'button:hover{background:var(--comfy-input-bg,#222)}[aria-disabled=true]{opacity:.6;cursor:default}',
    '.pill,.panel{background:var(--comfy-menu-bg,#171718);border:1px solid var(--border-color,#4e4e4e);',
    'box-shadow:0 4px 16px rgba(0,0,0,.4)}',
    '.pill{display:flex;align-items:center;gap:8px;min-height:32px;max-width:min(440px,calc(100vw - 32px));',
    'padding:4px 14px 4px 10px;border-radius:16px;touch-action:none;position:relative;overflow:hidden}',
    '.pill:hover{background:var(--comfy-menu-bg,#171718);border-color:#888}',
    '.text{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}',
    '.glyph{flex:none;width:1.2em;text-align:center;color:var(--tone)}',
    '[data-state]{--tone:var(--descrip-text,#999)}',
    '[data-state=sent],[data-state=queued]{--tone:#ffa931}[data-state=processing]{--tone:#64b5f6}',
    '[data-state=completed]{--tone:#81c784}[data-state=offline],[data-state=signed_out],',
    '[data-state=notice]{--tone:#ffa931}',
    '[data-state=failed],[data-state=timed_out],[data-state=lost],',
    '[data-state=refused]{--tone:var(--error-text,#ff4444)}',
    '[data-state=processing] .glyph{animation:breathe 1.6s ease-in-out infinite}',
    '@keyframes breathe{50%{opacity:.35}}',
    '.bar{height:3px;border-radius:2px;background:var(--comfy-input-bg,#222);overflow:hidden;margin-top:6px}',
    '.pill .bar{position:absolute;left:0;right:0;bottom:0;margin:0;border-radius:0}',
    '.bar i{display:block;height:100%;background:#64b5f6;transition:width .3s}',
    '.panel{position:absolute;width:min(360px,calc(100vw - 32px));max-height:min(420px,60vh);overflow:auto;',
    'border-radius:10px;padding:10px}',
    '.up .panel{bottom:calc(100% + 8px)}.down .panel{top:calc(100% + 8px)}',
    '.rightwards .panel{left:0}.leftwards .panel{right:0}',
    'header{display:flex;align-items:center;gap:4px;margin-bottom:4px}',
    'h2{font-size:13px;font-weight:600;flex:1;margin:0 4px}',
    'ul{list-style:none;margin:0;padding:0}',
    'li{display:grid;grid-template-columns:1.2em 1fr auto;column-gap:8px;align-items:center;padding:6px 4px;',
    'border-top:1px solid rgba(128,128,128,.25)}',
    'li .what{min-width:0;overflow-wrap:anywhere}li time{display:block;color:var(--descrip-text,#999);font-size:12px}',
    'li .more{grid-column:2/-1}.quiet{color:var(--descrip-text,#999);padding:8px 4px}',
    '.wrong{color:var(--error-text,#ff4444)}',
    '.edge{border:1px solid var(--border-color,#4e4e4e)}',
    'summary{cursor:pointer;color:var(--descrip-text,#999);min-height:24px}',
    'pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:140px;overflow:auto;margin:4px 0;padding:6px;',
    'font-size:12px;background:var(--comfy-input-bg,#222);border-radius:6px}',
    'footer{display:flex;justify-content:flex-end;padding-top:8px}',
    '.announced{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}',
    '[hidden]{display:none!important}',
    '@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}'
  ].join('');

  /* ---- words ---- */

  function language() {
    var chosen;
    try {
      chosen = window.app.extensionManager.setting.get('Comfy.Locale');
    } catch (notThere) {
      chosen = undefined;
    }
    chosen = chosen || stored('Comfy.Settings.Comfy.Locale') || stored('Comfy.Locale') || navigator.language || 'en';
    return /^"?zh/i.test(chosen) ? 'zh' : 'en';
  }

  function say(key) {
    var text = MESSAGES[tongue][key] || key;
    for (var i = 1; i < arguments.length; i += 1) {
      text = text.split('{' + (i - 1) + '}').join(String(arguments[i]));
    }
    return text;
  }

  function stored(key) {
    try {
      return localStorage.getItem(key);
    } catch (forbidden) {
      return null;
    }
  }

  /** "2-4 min", "40 s": whole minutes when it may take more than 90 s, else steps of five seconds. */
  function span(eta) {
    var minutes = eta.high > 90;
    var unit = minutes ? 60 : 5;
    var low = Math.max(1, Math.round(eta.low / unit)) * (minutes ? 1 : 5);
    var high = Math.max(1, Math.ceil(eta.high / unit)) * (minutes ? 1 : 5);
    return say(minutes ? 'minutes' : 'seconds', low === high ? high : low + '-' + high);
  }

  function isActive(task) {
    return ACTIVE.indexOf(task.status) >= 0;
  }

  function hasSpan(eta) {
    return eta && isFinite(eta.low) && isFinite(eta.high) && eta.high > 0;
  }

  function hasSteps(task) {
    return task.status === 'processing' && task.progress && task.progress.max > 1;
  }

  /** Why its instance keeps it waiting, with times that pass since the last update. */
  function heldUp(task) {
    var outage = task.outage;
    if (!outage || !outage.pattern) {
      return String(tongue === 'zh' && task.blocked_zh || task.blocked);
    }
    var passed = Math.max(0, Date.now() - (task.received_at || Date.now())) / 1000;
    return String(tongue === 'zh' && outage.pattern_zh || outage.pattern)
      .replace('{since}', exactly((outage.since_seconds || 0) + passed))
      .replace('{until}', exactly((outage.until_seconds || 0) - passed));
  }

  function exactly(seconds) {
    return seconds < 120 ? say('seconds', Math.max(0, Math.ceil(seconds))) : say('minutes', Math.ceil(seconds / 60));
  }

  function describe(task, waiting) {
    var parts = [say(task.status)];
    var error = errorOf(task);
    if (isActive(task) && (task.blocked || task.outage)) {
      parts.push(heldUp(task));
    }
    if (task.status === 'queued' && task.blocked) {
      parts.push(say('kept'));
    } else if (task.status === 'queued' && task.position > 0) {
      parts.push(waiting >= task.position ? say('place_of', task.position, waiting) : say('place', task.position));
    }
    if (hasSteps(task)) {
      parts.push(say('step', Math.round(task.progress.value), Math.round(task.progress.max)));
    }
    if (isActive(task) && hasSpan(task.eta_seconds)) {
      parts.push(say(task.status === 'queued' ? 'about' : 'left', span(task.eta_seconds)));
    }
    if (task.attempts > 1 && isActive(task)) {
      parts.push(say('attempt', task.attempts));
    }
    if (task.status === 'completed' && task.outputs_left_out) {
      parts.push(say('outputs_left_out'));
    }
    var text = parts.join(' · ');
    var why = error.type === 'instance_gave_up' ? say(error.type) : error.message;
    return task.status === 'failed' && why ? text + say('colon') + why : text;
  }

  function errorOf(task) {
    var error = task.error || {};
    return typeof error === 'string' ? { type: '', message: error, details: '' }
      : { type: String(error.type || ''), message: String(error.message || ''), details: String(error.details || '') };
  }

  function noticeText(notice) {
    var text = MESSAGES.en[notice.code] ? say(notice.code, notice.instance)
      : String(tongue === 'zh' && notice.message_zh || notice.message);
    return notice.count > 1 ? text + ' · ' + say('times', notice.count) : text;
  }

  function clock(moment) {
    var date = new Date(moment);
    return isNaN(date) ? '' : date.toLocaleTimeString(LOCALES[tongue], { timeStyle: 'short' });
  }

  /* ---- the tasks ---- */

  /** Passes the tasks and any connection problem to the listener: from a stream while it works, else by polling. */
  function follow(listener) {
    var source = null;
    var poll = 0;
    var again = 0;
    var misses = 0;
    var pictures = 0;

    function picture(data) {
      try {
        misses = 0;
        pictures += 1;
        listener(Array.isArray(data.tasks) ? data.tasks : [], Number(data.waiting) || 0, '');
      } catch (surprise) {
        listener(null, 0, 'offline');
      }
    }

    function stream() {
      stop();
      source = new EventSource(anteroom.queue + '/events' + anteroom.query(), { withCredentials: true });
      source.addEventListener('tasks', function (event) { picture(JSON.parse(event.data)); });
      source.onopen = function () { clearInterval(poll); poll = 0; };
      source.onerror = function () { ask(); startPolling(); };
    }

    function startPolling() {
      if (source && source.readyState === EventSource.CLOSED && !again) {
        again = setTimeout(stream, STREAM_AGAIN_MS);
      }
      poll = poll || setInterval(ask, Math.max(500, Number(anteroom.config.poll_interval_ms) || 2000));
    }

    /** A response is dropped when the stream has sent something newer meanwhile. */
    function ask() {
      var before = pictures;
      return anteroom.fetch(anteroom.queue + anteroom.query(), { credentials: 'include', cache: 'no-store' })
        .then(function (response) { return response.ok ? response.json() : Promise.reject(response.status); })
        .then(function (data) {
          if (before === pictures) {
            picture(data);
          }
        }, function (status) {
          misses += 1;
          if (misses > 1 || status === 401) {
            listener(null, 0, status === 401 ? 'signed_out' : 'offline');
          }
        });
    }

    function stop() {
      if (source) {
        source.close();
      }
      clearInterval(poll);
      clearTimeout(again);
      source = null;
      poll = again = 0;
    }

    // A browser has six connections to Anteroom over all its tabs; a hidden tab shall not hold one.
    document.addEventListener('visibilitychange', function () {
      return document.hidden ? stop() : stream();
    });
    if (!document.hidden) {
      stream();
    }
    return ask;
  }

  function cancel(id) {
    return anteroom.fetch(anteroom.queue + '/' + encodeURIComponent(id) + anteroom.query(),
      { method: 'DELETE', credentials: 'include' }).then(function (response) {
      return response.ok ? null : response.json().then(function (body) {
        throw new Error(errorOf(body).message || response.status);
      });
    });
  }

  /** The one task that the pill shows: running before waiting before what ended last. */
  function foremost(tasks) {
    function rank(task) {
      return task.status === 'processing' ? 0 : task.status === 'queued' ? 1 : 2;
    }
    return tasks.slice().sort(function (one, other) {
      return rank(one) - rank(other)
        || (rank(one) === 1 ? (one.position || 1e9) - (other.position || 1e9) : 0)
        || new Date(other.finished_at || other.submitted_at) - new Date(one.finished_at || one.submitted_at);
    })[0];
  }

  /* ---- the element ---- */

  function make(tag, attributes, children) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      if (name.slice(0, 2) === 'on') {
        element.addEventListener(name.slice(2), attributes[name]);
      } else {
        element.setAttribute(name, attributes[name]);
      }
    });
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }

  class AnteroomPill extends HTMLElement {
    constructor() {
      super();
      this.tasks = [];
      this.waiting = 0;
      this.wrong = '';
      this.submitting = '';
      this.cancelling = {};
      this.trouble = {};
      this.unfolded = {};
      this.announcedAt = 0;
      this.notices = [];
      this.attachShadow({ mode: 'open' });
      this.dress();
      this.build();
    }

    connectedCallback() {
      this.draw();
      this.settle(this.remembered());
      this.poll = follow(this.receive.bind(this));
      setInterval(this.passTime.bind(this), TIMES_PASS_MS);
      window.addEventListener('anteroom:submitted', this.sent.bind(this));
      window.addEventListener('anteroom:answered', this.answered.bind(this));
      window.addEventListener('anteroom:configured', this.draw.bind(this));
      window.addEventListener('anteroom:notice', function (event) { this.notice(event.detail); }.bind(this));
      anteroom.notices.forEach(this.notice, this);
      window.addEventListener('resize', function () { this.settle(this.place); }.bind(this));
    }

    /** A constructed sheet is no inline style, so every content security policy allows it. */
    dress() {
      if (this.shadowRoot.adoptedStyleSheets && 'replaceSync' in CSSStyleSheet.prototype) {
        var sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        this.shadowRoot.adoptedStyleSheets = [sheet];
      } else {
        this.shadowRoot.append(make('style', {}, [STYLE]));
      }
    }

    build() {
      var self = this;
      this.glyph = make('span', { 'class': 'glyph', 'aria-hidden': 'true' });
      this.text = make('span', { 'class': 'text' });
      this.bar = make('span', { 'class': 'bar', 'aria-hidden': 'true' }, [make('i')]);
      this.pill = make('button', {
        'class': 'pill', type: 'button', 'data-testid': 'anteroom-pill', 'aria-expanded': 'false',
        'aria-controls': 'panel'
      }, [this.glyph, this.text, this.bar]);
      this.pill.addEventListener('click', function () { self.toggle(self.panel.hidden); });
      this.pill.addEventListener('pointerdown', this.drag.bind(this));
      this.panel = make('section', { 'class': 'panel', id: 'panel', hidden: '' });
      this.announced = make('span', { 'class': 'announced', role: 'status' });
      this.alarm = make('span', { 'class': 'announced', role: 'alert' });
      this.box = make('div', {}, [this.pill, this.panel, this.announced, this.alarm]);
      this.shadowRoot.append(this.box);
      this.panel.addEventListener('pointerdown', function () { self.pressed = true; });
      ['pointerup', 'pointercancel'].forEach(function (end) {
        window.addEventListener(end, function () { self.pressed = false; });
      });
      // Keys pressed in here are not ComfyUI's shortcuts.
      this.addEventListener('keydown', function (event) {
        event.stopPropagation();
        if (event.key === 'Escape' && !self.panel.hidden) {
          self.toggle(false);
        }
      });
    }

    receive(tasks, waiting, wrong) {
      this.wrong = wrong;
      if (tasks) {
        this.noticeEnds(tasks);
        tasks.forEach(function (task) { task.received_at = Date.now(); });
        this.tasks = tasks;
        this.waiting = waiting;
      }
      this.draw();
    }

    passTime() {
      if (this.tasks.some(function (task) { return isActive(task) && task.outage; })) {
        this.draw();
      }
    }

    /** Failures while this page is open are announced as alerts; earlier ones are not. */
    noticeEnds(tasks) {
      var wasActive = this.tasks.filter(isActive).map(function (task) { return task.task_id; });
      tasks.forEach(function (task) {
        if (WRONG.indexOf(task.status) >= 0 && wasActive.indexOf(task.task_id) >= 0) {
          this.alarm.textContent = describe(task, 0);
        }
      }, this);
    }

    /** Shows that something was left out or lost; repeated notices are counted. */
    notice(detail) {
      var same = this.notices.filter(function (one) { return one.code === detail.code && one.instance === detail.instance; })[0];
      var notice = Object.assign({}, detail, { at: Date.now(), count: (detail.count || 1) + (same ? same.count : 0) });
      this.notices = [notice].concat(this.notices.filter(function (one) { return one !== same; })).slice(0, MAX_NOTICES);
      this.alarm.textContent = noticeText(notice);
      setTimeout(this.draw.bind(this), NOTICE_MS + 100);
      this.draw();
    }

    noticeRow(notice) {
      var self = this;
      return make('li', { 'data-state': 'notice', 'data-testid': 'anteroom-notice' }, [
        make('span', { 'class': 'glyph', 'aria-hidden': 'true' }, [GLYPHS.notice]),
        make('div', { 'class': 'what' }, [noticeText(notice), make('time', {}, [clock(notice.at)])]),
        button('dismiss-' + safe(notice.code + notice.instance), '✕', say('dismiss'), function () {
          self.notices = self.notices.filter(function (one) { return one !== notice; });
          self.draw();
        })
      ]);
    }

    sent() {
      this.submitting = 'sent';
      this.draw();
    }

    answered(event) {
      var body = event.detail.body || {};
      this.submitting = event.detail.status >= 400 ? 'refused' : '';
      this.refusal = errorOf(body).message;
      if (event.detail.status === 200 && body.task_id) {
        var known = this.tasks.some(function (task) { return task.task_id === body.task_id; });
        this.tasks = known ? this.tasks : [Object.assign({ submitted_at: new Date().toISOString() }, body)]
          .concat(this.tasks);
      }
      this.draw();
      this.poll();
    }

    state() {
      var state = this.ownState();
      return anteroom.config.only_looks ? Object.assign(state, {
        text: say('looking', anteroom.config.display_name || anteroom.user) + ' · ' + state.text
      }) : state;
    }

    ownState() {
      var first = foremost(this.tasks);
      if (this.wrong) {
        return { name: this.wrong, text: say(this.wrong) };
      }
      if (this.submitting) {
        var refusal = this.submitting === 'refused' && this.refusal ? say('colon') + this.refusal : '';
        return { name: this.submitting, text: say(this.submitting) + refusal };
      }
      var news = this.notices[0];
      if (news && Date.now() - news.at < NOTICE_MS) {
        return { name: 'notice', text: noticeText(news) };
      }
      return first ? { name: first.status, text: describe(first, this.waiting), task: first }
        : { name: 'idle', text: say('idle') };
    }

    draw() {
      var state = this.state();
      tongue = language();
      this.lang = LOCALES[tongue];
      this.pill.dataset.state = state.name;
      this.pill.dataset.position = state.task && state.task.position || 0;
      this.pill.title = state.text;
      this.glyph.textContent = GLYPHS[state.name] || '○';
      this.text.textContent = state.text;
      this.bar.hidden = !(state.task && hasSteps(state.task));
      if (!this.bar.hidden) {
        this.bar.firstChild.style.width = percent(state.task) + '%';
      }
      this.speak(state);
      // A button that is drawn anew between press and release would never be clicked.
      if (!this.panel.hidden && !this.pressed) {
        this.drawPanel();
      }
    }

    /** Read out when the state changes, else twice a minute at most, never each tick. */
    speak(state) {
      var now = Date.now();
      if (state.name !== this.announcedState || now - this.announcedAt >= ANNOUNCE_MS) {
        if (this.announced.textContent !== state.text) {
          this.announced.textContent = state.text;
        }
        this.announcedState = state.name;
        this.announcedAt = now;
      }
    }

    toggle(open) {
      this.panel.hidden = !open;
      this.pill.setAttribute('aria-expanded', String(open));
      this.submitting = this.submitting === 'refused' ? '' : this.submitting;
      this.draw();
      this.pill.focus();
    }

    drawPanel() {
      var self = this;
      var focused = this.shadowRoot.activeElement && this.shadowRoot.activeElement.dataset.focus;
      var scrolled = this.panel.scrollTop;
      var active = this.tasks.filter(isActive);
      this.panel.setAttribute('aria-label', say('title'));
      this.panel.replaceChildren(
        make('header', {}, [
          make('h2', {}, [say('title')]),
          button('move', '⤢', say('move'), function () { self.hop(); }),
          button('close', '✕', say('close'), function () { self.toggle(false); })
        ]),
        make('ul', {}, this.notices.map(this.noticeRow.bind(this))),
        this.tasks.length ? make('ul', {}, this.tasks.map(this.row.bind(this)))
          : make('p', { 'class': 'quiet' }, [say('none')]));
      if (active.length > 1 && !anteroom.config.only_looks) {
        this.panel.append(make('footer', {}, [this.cancelAll(active)]));
      }
      this.panel.scrollTop = scrolled;
      // The focus stays in the panel, also when the focused element is gone.
      if (focused) {
        (this.panel.querySelector('[data-focus="' + focused + '"]') || this.panel.querySelector('button')).focus();
      }
    }

    row(task) {
      var row = make('li', { 'data-state': task.status, 'data-testid': 'anteroom-task' }, [
        make('span', { 'class': 'glyph', 'aria-hidden': 'true' }, [GLYPHS[task.status] || '○']),
        make('div', { 'class': 'what' }, [
          describe(task, this.waiting), make('time', {}, [clock(task.submitted_at)])]),
        isActive(task) && !anteroom.config.only_looks ? this.cancelButton(task) : ''
      ]);
      if (hasSteps(task)) {
        row.append(make('div', { 'class': 'more' }, [progressbar(task)]));
      }
      if (this.trouble[task.task_id]) {
        row.append(make('div', { 'class': 'more wrong' }, [this.trouble[task.task_id]]));
      }
      if (errorOf(task).details) {
        row.append(this.details(task));
      }
      return row;
    }

    details(task) {
      var unfolded = this.unfolded;
      var details = make('details', { 'class': 'more' }, [
        make('summary', { 'data-focus': 'details-' + safe(task.task_id) }, [say('details')]),
        make('pre', { tabindex: '0' }, [errorOf(task).details])
      ]);
      details.open = Boolean(unfolded[task.task_id]);
      details.addEventListener('toggle', function () { unfolded[task.task_id] = details.open; });
      return details;
    }

    cancelButton(task) {
      var self = this;
      var busy = this.cancelling[task.task_id];
      var label = say(busy ? 'cancelling' : 'cancel');
      var made = button('cancel-' + safe(task.task_id), label, label + say('colon') + describe(task, this.waiting),
        function () { self.cancelOne(task.task_id); });
      made.classList.add('edge');
      made.setAttribute('aria-disabled', String(Boolean(busy)));
      return made;
    }

    cancelOne(id) {
      var self = this;
      if (this.cancelling[id]) {
        return;
      }
      this.cancelling[id] = true;
      delete this.trouble[id];
      this.draw();
      cancel(id)
        .catch(function (failure) {
          self.trouble[id] = self.alarm.textContent = say('cancel_failed', failure.message);
        })
        .then(function () { delete self.cancelling[id]; return self.poll(); });
    }

    /** Acts on the second press. */
    cancelAll(active) {
      var self = this;
      var label = this.sure ? say('sure', active.length) : say('cancel_all');
      var made = button('cancel-all', label, label, function () {
        if (self.sure) {
          active.forEach(function (task) { self.cancelOne(task.task_id); });
        } else {
          setTimeout(function () { self.sure = false; self.draw(); }, 5000);
        }
        self.sure = !self.sure;
        self.draw();
      });
      made.classList.add('edge');
      return made;
    }

    /* ---- its place ---- */

    /** At first bottom left: there is neither the run button nor the minimap. */
    remembered() {
      try {
        var place = JSON.parse(stored('Anteroom.Place'));
        return isFinite(place.x) && isFinite(place.y) ? place : CORNERS[0];
      } catch (nothing) {
        return CORNERS[0];
      }
    }

    /** Puts the pill there, but within the window; a longer text grows, and the panel opens, to where there is room. */
    settle(place) {
      this.place = place;
      var right = place.x < 0;
      var low = place.y < 0;
      var x = within(Math.abs(place.x), innerWidth - this.pill.offsetWidth) + 'px';
      var y = within(Math.abs(place.y), innerHeight - this.pill.offsetHeight) + 'px';
      this.style.left = right ? 'auto' : x;
      this.style.right = right ? x : 'auto';
      this.style.top = low ? 'auto' : y;
      this.style.bottom = low ? y : 'auto';
      this.box.className = (low ? 'up ' : 'down ') + (right ? 'leftwards' : 'rightwards');
    }

    /** Moves the pill's left upper corner there. */
    moveTo(left, top) {
      var right = left + this.pill.offsetWidth - innerWidth;
      var bottom = top + this.pill.offsetHeight - innerHeight;
      this.settle({ x: left < -right ? left : Math.min(-1, right), y: top < -bottom ? top : Math.min(-1, bottom) });
    }

    remember(place) {
      this.settle(place);
      try {
        localStorage.setItem('Anteroom.Place', JSON.stringify(place));
      } catch (forbidden) {
        // The position is not remembered then.
      }
    }

    /** Moves it without dragging. */
    hop() {
      var corner = this.place.x < 0 ? (this.place.y < 0 ? 3 : 2) : (this.place.y < 0 ? 0 : 1);
      this.remember(CORNERS[(corner + 1) % CORNERS.length]);
    }

    drag(down) {
      var self = this;
      var box = this.getBoundingClientRect();
      var moved = false;
      function move(event) {
        moved = moved || Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > 4;
        if (moved) {
          self.moveTo(box.left + event.clientX - down.clientX, box.top + event.clientY - down.clientY);
        }
      }
      function up() {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', up);
        window.removeEventListener('pointercancel', up);
        if (moved) {
          self.remember(self.place);
          // The click that ends a drag opens nothing.
          self.pill.addEventListener('click', swallow, { capture: true, once: true });
          setTimeout(function () { self.pill.removeEventListener('click', swallow, { capture: true }); }, 0);
        }
      }
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', up);
      window.addEventListener('pointercancel', up);
    }
  }

  function within(distance, room) {
    return Math.max(8, Math.min(distance, room - 8));
  }

  function swallow(event) {
    event.stopImmediatePropagation();
  }

  function safe(id) {
    return String(id).replace(/[^\w-]/g, '');
  }

  function percent(task) {
    return Math.min(100, Math.round(100 * task.progress.value / task.progress.max));
  }

  function button(focus, label, name, press) {
    return make('button', {
      type: 'button', 'data-focus': focus, 'aria-label': name, title: name, onclick: press
    }, [label]);
  }

  function progressbar(task) {
    var filled = make('i');
    filled.style.width = percent(task) + '%';
    return make('div', {
      'class': 'bar', role: 'progressbar', 'aria-label': say('processing'), 'aria-valuemin': '0',
      'aria-valuemax': String(task.progress.max), 'aria-valuenow': String(task.progress.value),
      'aria-valuetext': say('step', Math.round(task.progress.value), Math.round(task.progress.max))
    }, [filled]);
  }

  customElements.define('anteroom-pill', AnteroomPill);
  document.body.appendChild(document.createElement('anteroom-pill'));
})();
