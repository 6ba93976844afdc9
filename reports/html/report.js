/*
 * The HTML report's comfort: filters and search, kept in the address; copy buttons; and the results that are too many
 * to be elements from the start. Without it the first results of each rule are there, and readable.
 */
(function () {
  'use strict';
  const CHUNK = 200; // results that are made into elements at a time
  const ID = 0, SUBJECT = 1, MESSAGE = 2, FACTS = 3, BODY = 4; // the members of a row of data
  const bar = document.getElementById('filter');
  if (!bar) return;
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const selects = all('select', bar);
  const search = bar.querySelector('input');
  const shown = document.getElementById('shown');
  const cards = all('[data-status]').map(element => ({
    element,
    findings: all('.findings>li[id]', element),
    more: element.querySelector('.more'),
    data: element.querySelector('script'),
    count: Number(element.dataset.count),
  }));
  const sections = all('section.results');

  function rowsOf(card) {
    if (!card.rows) card.rows = card.data ? JSON.parse(card.data.textContent) : [];
    return card.rows;
  }

  const lower = text => text.toLowerCase();
  const rowMatches = (row, text) => lower(row[SUBJECT] + '\n' + row[MESSAGE] + '\n' + row[ID] + '\n' + row[FACTS]).includes(text);

  function node(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function rowElement(row) {
    const item = node('li');
    item.id = 'r-' + row[ID];
    if (row[SUBJECT]) item.append(node('code', row[SUBJECT]), ' ');
    item.append(row[MESSAGE], ' ');
    if (row[FACTS]) item.append(node('code', row[FACTS]), ' ');
    const link = node('a', '#', 'id soft');
    link.href = '#r-' + row[ID];
    link.setAttribute('aria-label', 'Link to this result');
    item.append(link);
    if (row[BODY] >= 0) {
      const details = node('details');
      details.append(node('summary', 'Details'));
      details.addEventListener('toggle', () => {
        if (details.childElementCount === 1) {
          details.append(document.getElementById('b' + row[BODY]).content.cloneNode(true));
          addCopyButtons(details);
        }
      });
      item.append(details);
    }
    return item;
  }

  // Makes the next chunk of a card's matching rows into elements.
  function extend(card) {
    const list = card.more.querySelector('ol');
    const next = card.matching.slice(card.made, card.made + CHUNK);
    list.append(...next.map(rowElement));
    card.made += next.length;
    const left = card.matching.length - card.made;
    card.more.querySelector('button').hidden = left === 0;
    card.more.querySelector('button').textContent = 'Show ' + Math.min(left, CHUNK) + ' more of ' + left;
  }

  function restart(card, matching) {
    card.matching = matching;
    card.made = 0;
    card.more.querySelector('ol').replaceChildren();
    card.more.querySelector('summary').textContent =
      'and ' + matching.length.toLocaleString('en') + (matching.length === rowsOf(card).length ? ' more' : ' more that match');
    if (card.more.open) extend(card);
  }

  // What the card says of itself, beside its results.
  function wordsOf(card) {
    if (card.words === undefined)
      card.words = lower(all('.top,h3,.do,.body,summary', card.element).map(part => part.textContent).join('\n'));
    return card.words;
  }

  // How many of the card's results are to be seen.
  function narrow(card, text) {
    const whole = !text || wordsOf(card).includes(text);
    let count = 0;
    card.findings.forEach(finding => {
      finding.hidden = !whole && !lower(finding.textContent + finding.id).includes(text);
      count += finding.hidden ? 0 : 1;
    });
    if (card.more) {
      const rows = whole ? null : rowsOf(card).filter(row => rowMatches(row, text));
      const matching = rows ? rows.length : card.count - card.findings.length;
      if (rows || card.narrowed) restart(card, rows || rowsOf(card));
      card.narrowed = Boolean(rows);
      card.more.hidden = matching === 0;
      count += matching;
    }
    return count;
  }

  function apply() {
    const text = lower(search.value.trim());
    let count = 0, total = 0;
    cards.forEach(card => {
      const chosen = selects.every(select => !select.value || card.element.dataset[select.name] === select.value);
      const found = chosen ? narrow(card, text) : 0;
      card.element.hidden = found === 0;
      count += found;
      total += card.count;
    });
    const active = Boolean(text) || selects.some(select => select.value);
    sections.forEach(section => {
      section.hidden = !section.querySelector('[data-status]:not([hidden])');
      const fold = section.querySelector('details.fold');
      if (fold && active) fold.open = true;
    });
    shown.textContent = count.toLocaleString('en') + ' of ' + total.toLocaleString('en') + ' results shown';
  }

  function remember() {
    const chosen = selects.concat(search).filter(field => field.value.trim());
    const words = new URLSearchParams(chosen.map(field => [field.name, field.value.trim()])).toString();
    history.replaceState(null, '', words ? '#' + words : location.pathname + location.search);
    apply();
  }

  function openTo(element) {
    for (let at = element; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    element.scrollIntoView();
  }

  // A result that is no element yet: its card is opened as far as the result.
  function findRow(id) {
    const card = cards.find(candidate => candidate.data && rowsOf(candidate).some(row => 'r-' + row[ID] === id));
    if (!card) return null;
    card.more.open = true;
    restart(card, rowsOf(card));
    while (!document.getElementById(id)) extend(card);
    return document.getElementById(id);
  }

  // "#status=fail&text=acme" sets the filters; "#rule-…" and "#r-…" lead to a card and to a result.
  function follow() {
    let words;
    try { words = decodeURIComponent(location.hash.slice(1)); } catch (error) { words = ''; }
    const fields = words.includes('=') ? new URLSearchParams(location.hash.slice(1)) : new URLSearchParams();
    selects.concat(search).forEach(field => { field.value = fields.get(field.name) || ''; });
    selects.forEach(select => { if (select.selectedIndex < 0) select.value = ''; });
    apply();
    if (words.includes('=')) bar.scrollIntoView();
    const found = words && !words.includes('=') && (document.getElementById(words) || findRow(words));
    if (found) openTo(found);
  }

  function say(text) { document.getElementById('said').textContent = text; }

  // Where the clipboard may not be written (an old browser), the text is selected and copied as by hand.
  function copyByHand(source) {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand('copy');
  }

  function copyButton(source) {
    const button = node('button', 'Copy');
    button.type = 'button';
    const name = source.dataset.copy || source.closest('dd')?.previousElementSibling?.textContent || 'text';
    button.setAttribute('aria-label', 'Copy: ' + name);
    const done = worked => {
      button.textContent = worked ? 'Copied' : 'Not copied';
      say(worked ? 'Copied: ' + name : 'Could not copy: ' + name);
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    };
    button.addEventListener('click', () => {
      if (!navigator.clipboard) return done(copyByHand(source));
      navigator.clipboard.writeText(source.textContent).then(() => done(true), () => done(copyByHand(source)));
    });
    return button;
  }

  function addCopyButtons(root) {
    all('pre', root).forEach(pre => {
      if (pre.parentElement.className === 'copyable') return;
      const frame = node('div', '', 'copyable');
      pre.replaceWith(frame);
      frame.append(pre, copyButton(pre));
    });
    all('code[data-copy]', root).forEach(code => { code.after(copyButton(code)); });
  }

  selects.forEach(select => {
    const seen = new Set(cards.map(card => card.element.dataset[select.name]));
    Array.from(select.options).forEach(option => { if (option.value && !seen.has(option.value)) option.remove(); });
    select.addEventListener('change', remember);
  });
  cards.filter(card => card.more).forEach(card => {
    card.more.hidden = false;
    card.more.addEventListener('toggle', () => {
      if (!card.matching) restart(card, rowsOf(card));
      if (card.more.open && !card.made) extend(card);
    });
    card.more.querySelector('button').addEventListener('click', () => extend(card));
  });
  let timer = 0;
  search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(remember, 120); });
  addEventListener('hashchange', follow);
  const measure = () => {
    const sticky = getComputedStyle(bar).position === 'sticky';
    document.documentElement.style.setProperty('--bar', (sticky ? bar.offsetHeight + 8 : 8) + 'px');
  };
  bar.hidden = false;
  measure();
  addEventListener('resize', measure);
  addCopyButtons(document);
  follow();
}());
