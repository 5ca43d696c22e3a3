// Draws the cases of a file with xterm.js, and writes what it then shows: a line of JSON for each case, with the screen
// after its steps, a fresh screen after its snapshot, and both after its tail.
import { readFileSync } from 'node:fs';
import headless from '@xterm/headless';
import unicode11 from '@xterm/addon-unicode11';
import serialize from '@xterm/addon-serialize';

// xterm.js complains when the machine is slow.
console.warn = () => {};

const underlineFlag = 0x10000000, extendedFlag = 0x10000000, colourMask = 0x3ffffff;
const frontFlags = [[0x8000000, 'b'], [0x20000000, 'k'], [0x4000000, 'i'], [0x40000000, 'h'], [0x80000000, 's']];
const backFlags = [[0x8000000, 'd'], [0x4000000, 't'], [0x40000000, 'o'], [0x20000000, 'p']];

function open(columns, rows, scrollback) {
  const terminal = new headless.Terminal({
    cols: columns, rows, scrollback, allowProposedApi: true, logLevel: 'off',
    windowOptions: { pushTitle: true, popTitle: true },
  });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.title = '';
  terminal.onTitleChange(title => { terminal.title = title; });
  terminal.answers = '';
  terminal.onData(data => { terminal.answers += data; });
  // Links are forgotten with the line they began on; the cells still name them.
  terminal.links = new Map();
  const service = terminal._core._oscLinkService, register = service.registerLink.bind(service);
  service.registerLink = data => {
    const id = register(data);
    terminal.links.set(id, `${data.id ?? ''}|${data.uri}`);
    return id;
  };
  return terminal;
}

function step(terminal, given) {
  if (given.resize) terminal.resize(given.resize[0], given.resize[1]);
  else terminal._core.writeSync(Buffer.from(given.write, 'base64'));
}

function ink(value) {
  const colour = value & colourMask;
  switch (colour >>> 24) {
    case 0: return '-';
    case 1: return `a${colour & 0xff}`;
    case 2: return `p${colour & 0xff}`;
    default: return `#${(colour & 0xffffff).toString(16).padStart(6, '0')}`;
  }
}

function style(terminal, front, back, extended) {
  const has = (back & extendedFlag) !== 0 && extended;
  const underline = front & underlineFlag ? (has ? (extended._ext >> 26) & 7 : 1) : 0;
  // SGR 59 makes the underline white instead of giving it the colour of the text.
  let line = underline && has ? extended._ext & colourMask : 0;
  if (line === colourMask) line = 0;
  const flags = frontFlags.filter(([bit]) => front & bit).concat(backFlags.filter(([bit]) => back & bit));
  const link = has && extended._urlId ? terminal.links.get(extended._urlId) : '';
  return `${ink(front)},${ink(back)},${flags.map(([, name]) => name).join('')},${underline},${ink(line)},${link}`;
}

function drawLine(terminal, line, columns) {
  let text = line.isWrapped ? 'W' : '', last = '-,-,,0,-,';
  const cell = terminal.buffer.active.getNullCell();
  for (let column = 0; column < columns; column++) {
    line.loadCell(column, cell);
    const now = style(terminal, cell.fg, cell.bg, cell.extended);
    if (now !== last) text += `{${now}}`;
    last = now;
    const width = cell.content >>> 22, chars = cell.getChars();
    if (chars) text += width === 0 ? `<${chars}>` : chars;
    else text += width === 1 ? '\u2400' : width === 0 ? '\u00bb' : '?';
  }
  return text.replace(/\u2400+$/, '');
}

function drawPage(terminal, page) {
  const { cols, rows } = terminal, lines = [];
  for (let index = 0; index < page.ybase + rows; index++) {
    lines.push(drawLine(terminal, page.lines.get(index), cols));
  }
  // Nobody sees whether the oldest line goes on from one that is gone.
  lines[0] = lines[0].replace(/^W/, '');
  return lines.join('\n');
}

function saved(terminal, page) {
  const row = Math.min(Math.max(page.savedY - page.ybase, 0), terminal.rows - 1);
  const column = Math.min(page.savedX, terminal.cols - 1);
  return `${column},${row} ${style(terminal, page.savedCurAttrData.fg, page.savedCurAttrData.bg, null)}`;
}

function stops(page, columns) {
  return Object.keys(page.tabs).map(Number).filter(each => each > 0 && each < columns && page.tabs[each]).join();
}

function state(terminal) {
  const core = terminal._core, { normal, alt, active } = core.buffers;
  const modes = core.coreService.decPrivateModes, mouse = core.coreMouseService;
  const handler = core._inputHandler, pen = handler._curAttrData;
  const shape = { block: 1, underline: 3, bar: 5 }[modes.cursorStyle];
  const flag = (value, name) => (value ? name + ' ' : '');
  return [
    `${terminal.cols}x${terminal.rows} ${active === alt ? 'alternate' : 'normal'} ${active.ybase}`,
    `cursor ${active.x},${active.y} region ${active.scrollTop},${active.scrollBottom}`,
    `stops ${stops(active, terminal.cols)} saved ${saved(terminal, active)}`,
    `other ${saved(terminal, active === alt ? normal : alt)}`,
    `pen ${style(terminal, pen.fg, pen.bg, pen.extended)}`,
    'modes ' + flag(modes.applicationCursorKeys, 'keys') + flag(modes.applicationKeypad, 'keypad')
      + flag(modes.bracketedPasteMode, 'paste') + flag(modes.origin, 'origin')
      + flag(modes.reverseWraparound, 'reverse') + flag(modes.sendFocus, 'focus')
      + flag(modes.synchronizedOutput, 'synchronized') + flag(modes.wraparound, 'wrap')
      + flag(core.coreService.modes.insertMode, 'insert') + flag(core.coreService.isCursorHidden, 'hidden')
      + flag(terminal.options.convertEol, 'newline') + flag(terminal.options.cursorBlink, 'blink'),
    `mouse ${mouse.activeProtocol} ${mouse.activeEncoding}`,
    `style ${shape ? shape + (modes.cursorBlink ? 0 : 1) : 0}`,
    `title ${terminal.title} stack ${handler._windowTitleStack.join()}`,
  ].join('\n');
}

function draw(terminal) {
  const { normal, alt, active } = terminal._core.buffers;
  return `${state(terminal)}\n${drawPage(terminal, normal)}\n--\n${active === alt ? drawPage(terminal, alt) : ''}`;
}

// How large a snapshot xterm.js itself makes, which leaves much out.
function measure(terminal) {
  const addon = new serialize.SerializeAddon();
  terminal.loadAddon(addon);
  return Buffer.byteLength(addon.serialize());
}

function play(given) {
  const terminal = open(...given.size, given.scrollback);
  given.steps.forEach(each => step(terminal, each));
  const answer = { name: given.name, drawn: draw(terminal), answers: terminal.answers, own: measure(terminal) };
  if (given.snapshot !== undefined) {
    const copy = open(terminal.cols, terminal.rows, given.scrollback);
    copy._core.writeSync(Buffer.from(given.snapshot, 'base64'));
    answer.copied = draw(copy);
    given.tail.forEach(each => { step(terminal, each); step(copy, each); });
    answer.later = draw(terminal);
    answer.laterCopied = draw(copy);
    copy.dispose();
  }
  terminal.dispose();
  return answer;
}

for (const line of readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const given = JSON.parse(line);
  let answer;
  try {
    answer = play(given);
  } catch (error) {
    answer = { name: given.name, error: `${error.stack}` };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
