// The report's data as typed columns, made from the JSON that stands in the page.

export const NO_DAY = -2147483648;

export interface Party {
  iri: string;
  label: string;
  kind: string;
  item: string | null;
  linked: boolean;
  at: [number, number] | null;
}
export interface Doc {
  id: string;
  title: string;
  url: string;
  host: string;
  issued: number;
}
export interface Sentence {
  text: string;
  marks: { begin: number; end: number; what: string }[];
}
export interface Outline {
  width: number;
  height: number;
  sphere: string;
  graticule: string;
  land: string;
  borders: string;
}
interface About {
  title: string;
  asked: string;
  version: string;
  withoutEvidence: number;
  leftOut: number;
}
interface Packed {
  about: About;
  outline: Outline;
  types: string[];
  statuses: string[];
  roles: string[];
  kinds: string[];
  folders: string[];
  words: string[];
  parties: [string, string, number, string | 0, 0 | 1, number?, number?][];
  documents: { id: string; title: string; url: string; issued: (number | null)[] };
  sentences: [string, number][];
  events: {
    folder: number[];
    name: string;
    type: number[];
    status: number[];
    first: (number | null)[];
    last: (number | null)[];
    words: number[];
    confidence: (number | null)[];
    document: number[];
    counts: number[];
    parts: number[];
    mode: number[];
    topic: number[];
  };
  evidence: number[][][];
}

// Who deals, and where: what the network and the map are made of.
const WHERE = ["place", "destination", "origin"];
const HOST = /^https?:\/\/([^/?#@:\\\s]+)(?=[/?#:]|$)/i;
const ASIDE = [...WHERE, "deployedForce", "attributedTo"];

// What stands between texts that the report has packed into one.
const BETWEEN = "\ue000";
const split = (texts: string): string[] => texts.split(BETWEEN);

export class Graph {
  readonly about: About;
  readonly outline: Outline;
  readonly types: string[];
  readonly statuses: string[];
  readonly parties: Party[];
  readonly documents: Doc[];
  readonly size: number;
  readonly type: Uint8Array;
  readonly status: Uint8Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly confidence: Uint8Array;
  readonly document: Uint32Array;
  // Who takes part in an event: actors[actorsFrom[i] … actorsFrom[i + 1]]; and where it takes place.
  readonly actorsFrom: Uint32Array;
  readonly actors: Uint32Array;
  readonly placesFrom: Uint32Array;
  readonly places: Uint32Array;
  private readonly packed: Packed;
  private readonly partsFrom: Uint32Array;
  private readonly flat: Uint32Array;
  private tails: string[] | null = null;
  private readonly texts: string[];

  constructor(packed: Packed) {
    this.packed = packed;
    const { events } = packed;
    this.about = packed.about;
    this.outline = packed.outline;
    this.types = packed.types;
    this.statuses = packed.statuses;
    this.parties = packed.parties.map(([iri, label, kind, item, linked, x, y]) => ({
      iri,
      label,
      kind: packed.kinds[kind]!,
      item: item || null,
      linked: linked === 1,
      at: x === undefined || y === undefined ? null : [x, y],
    }));
    const [ids, titles, urls] = [split(packed.documents.id), split(packed.documents.title), split(packed.documents.url)];
    this.documents = packed.documents.issued.map((issued, i) => [ids[i]!, titles[i]!, urls[i]!, issued] as const).map(([id, title, url, issued]) => ({ id, title, url, host: HOST.exec(url)?.[1]!.toLowerCase() ?? "", issued: issued ?? NO_DAY }));
    this.size = events.type.length;
    this.type = Uint8Array.from(events.type);
    this.status = Uint8Array.from(events.status);
    this.first = Int32Array.from(events.first, (day, i) => day ?? events.last[i] ?? NO_DAY);
    this.last = Int32Array.from(events.last, (day, i) => day ?? events.first[i] ?? NO_DAY);
    this.confidence = Uint8Array.from(events.confidence, (n) => n ?? 255);
    this.document = Uint32Array.from(events.document);
    this.partsFrom = new Uint32Array(this.size + 1);
    for (let i = 0; i < this.size; i++) this.partsFrom[i + 1] = this.partsFrom[i]! + 2 * events.counts[i]!;
    this.flat = Uint32Array.from(events.parts);
    const aside = new Set(ASIDE.map((role) => packed.roles.indexOf(role)));
    const where = new Set(WHERE.slice(0, 2).map((role) => packed.roles.indexOf(role)));
    [this.actorsFrom, this.actors] = this.lists((role) => !aside.has(role));
    [this.placesFrom, this.places] = this.lists((role) => where.has(role));
    this.texts = packed.sentences.map(([text]) => text);
  }

  private lists(wanted: (role: number) => boolean): [Uint32Array, Uint32Array] {
    const from = new Uint32Array(this.size + 1);
    const found: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const start = found.length;
      for (let k = this.partsFrom[i]!; k < this.partsFrom[i + 1]!; k += 2) {
        if (wanted(this.flat[k]!) && found.indexOf(this.flat[k + 1]!, start) < 0) found.push(this.flat[k + 1]!);
      }
      from[i + 1] = found.length;
    }
    return [from, Uint32Array.from(found)];
  }

  // The ends of events' IRIs; taken apart when the first is asked for.
  private names(): string[] {
    return (this.tails ??= split(this.packed.events.name));
  }

  iri(event: number): string {
    return `${this.packed.folders[this.packed.events.folder[event]!]}/${this.names()[event]}`;
  }

  find(iri: string): number {
    const name = this.names();
    const tail = iri.slice(iri.lastIndexOf("/") + 1);
    for (let i = name.indexOf(tail); i >= 0; i = name.indexOf(tail, i + 1)) if (this.iri(i) === iri) return i;
    return -1;
  }

  parts(event: number): { role: string; party: number }[] {
    const found = [];
    for (let k = this.partsFrom[event]!; k < this.partsFrom[event + 1]!; k += 2) found.push({ role: this.packed.roles[this.flat[k]!]!, party: this.flat[k + 1]! });
    return found;
  }

  // Parties of an event in one of the roles.
  having(event: number, ...roles: string[]): number[] {
    return this.parts(event).filter(({ role }) => roles.includes(role)).map(({ party }) => party);
  }

  takesPart(event: number, party: number): boolean {
    for (let k = this.partsFrom[event]! + 1; k < this.partsFrom[event + 1]!; k += 2) if (this.flat[k] === party) return true;
    return false;
  }

  words(event: number): string {
    return this.packed.words[this.packed.events.words[event]!]!;
  }

  mode(event: number): string {
    return this.packed.words[this.packed.events.mode[event]!]!;
  }

  topic(event: number): string {
    return this.packed.words[this.packed.events.topic[event]!]!;
  }

  hasEvidence(event: number): boolean {
    return Boolean(this.packed.evidence[event]?.length);
  }

  evidence(event: number): Sentence[] {
    return (this.packed.evidence[event] ?? []).map(([sentence, ...flat]) => {
      const marks = [];
      for (let k = 0; k < flat.length; k += 3) {
        const what = flat[k + 2]!;
        marks.push({ begin: flat[k]!, end: flat[k + 1]!, what: what < 0 ? "trigger" : this.packed.roles[what]! });
      }
      return { text: this.texts[sentence!]!, marks };
    });
  }

  // Which events hold a text, in any case, in a name, a sentence, a document's title or the topic.
  holding(text: string): (event: number) => boolean {
    const wanted = text.toLowerCase();
    const parties = this.mask(wanted, this.parties.length, (i) => this.parties[i]!.label);
    const documents = this.mask(wanted, this.documents.length, (i) => this.documents[i]!.title);
    const sentences = this.mask(wanted, this.texts.length, (i) => this.texts[i]!);
    const words = this.mask(wanted, this.packed.words.length, (i) => this.packed.words[i]!);
    const { events, evidence } = this.packed;
    return (event) => {
      if (documents[this.document[event]!] || words[events.topic[event]!]) return true;
      for (let k = this.partsFrom[event]! + 1; k < this.partsFrom[event + 1]!; k += 2) if (parties[this.flat[k]!]) return true;
      const said = evidence[event];
      if (said) for (const each of said) if (sentences[each[0]!]) return true;
      return false;
    };
  }

  private mask(wanted: string, size: number, text: (i: number) => string): Uint8Array {
    const found = new Uint8Array(size);
    for (let i = 0; i < size; i++) if (text(i).toLowerCase().includes(wanted)) found[i] = 1;
    return found;
  }
}
