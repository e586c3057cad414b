// The report's data as typed columns, made from the JSON that stands in the page.
import { numbers, starts, Texts } from "./columns.ts";

// What stands for no day and for no confidence, as kgload/views/packing.py writes it.
export const NO_DAY = -2147483648;
export const UNSURE = 255;

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
  hosts: string;
  folders: [string, string];
  words: string;
  parties: { iri: [string, string]; label: string; kind: string; item: string; linked: string; placed: string; x: number[]; y: number[] };
  documents: { id: string; title: string; url: string; host: string; issued: string };
  sentences: string;
  events: { folder: string; name: string; type: string; status: string; first: string; last: string; words: string; confidence: string; document: string; counts: string; roles: string; parties: string; mode: string; topic: string };
  evidence: { counts: string; sentences: string; marks: string; spans: string };
}

type Numbers = ReturnType<typeof numbers>;

// Who deals, and where: what the network and the map are made of.
const WHERE = ["place", "destination", "origin"];
const ASIDE = [...WHERE, "deployedForce", "attributedTo"];

export class Graph {
  readonly about: About;
  readonly outline: Outline;
  readonly types: string[];
  readonly statuses: string[];
  readonly hosts: Texts;
  readonly labels: Texts;
  readonly iris: Texts;
  readonly documentIds: Texts;
  readonly titles: Texts;
  readonly size: number;
  readonly type: Numbers;
  readonly status: Numbers;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly confidence: Numbers;
  readonly document: Numbers;
  readonly host: Numbers;
  // Of each party: whether its position on the map is known.
  readonly isPlaced: Uint8Array;
  // Who takes part in an event: actors[actorsFrom[i] … actorsFrom[i + 1]]; and where it takes place.
  readonly actorsFrom: Uint32Array;
  readonly actors: Uint32Array;
  readonly placesFrom: Uint32Array;
  readonly places: Uint32Array;
  private readonly packed: Packed;
  private readonly partsFrom: Uint32Array;
  private readonly partRole: Numbers;
  private readonly partParty: Numbers;
  private readonly folder: Numbers;
  private readonly folders: Texts;
  private readonly tails: Texts;
  private readonly said: { words: Numbers; mode: Numbers; topic: Numbers };
  private readonly words_: Texts;
  private readonly urls: Texts;
  private readonly issued: Numbers;
  private readonly kind: Numbers;
  private readonly items: Texts;
  private readonly linked: Numbers;
  private readonly at = new Map<number, [number, number]>();
  private readonly sentences: Texts;
  private readonly evidenceFrom: Uint32Array;
  private readonly sentence: Numbers;
  private readonly spansFrom: Uint32Array;
  private readonly spans: Numbers;

  constructor(packed: Packed) {
    this.packed = packed;
    const { events, parties, documents, evidence } = packed;
    this.about = packed.about;
    this.outline = packed.outline;
    this.types = packed.types;
    this.statuses = packed.statuses;
    this.hosts = new Texts(packed.hosts);
    this.iris = new Texts(parties.iri);
    this.labels = new Texts(parties.label);
    this.kind = numbers(parties.kind);
    this.items = new Texts(parties.item);
    this.linked = numbers(parties.linked);
    this.isPlaced = new Uint8Array(this.kind.length);
    for (const [i, party] of numbers(parties.placed).entries()) {
      this.isPlaced[party] = 1;
      this.at.set(party, [parties.x[i]!, parties.y[i]!]);
    }
    this.documentIds = new Texts(documents.id);
    this.titles = new Texts(documents.title);
    this.urls = new Texts(documents.url);
    this.host = numbers(documents.host);
    this.issued = numbers(documents.issued);
    this.type = numbers(events.type);
    this.size = this.type.length;
    this.status = numbers(events.status);
    const [first, last] = [Int32Array.from(numbers(events.first)), Int32Array.from(numbers(events.last))];
    for (let i = 0; i < this.size; i++) {
      if (first[i] === NO_DAY) first[i] = last[i]!;
      else if (last[i] === NO_DAY) last[i] = first[i]!;
    }
    [this.first, this.last] = [first, last];
    this.confidence = numbers(events.confidence);
    this.document = numbers(events.document);
    this.folder = numbers(events.folder);
    this.folders = new Texts(packed.folders);
    this.tails = new Texts(events.name);
    this.words_ = new Texts(packed.words);
    this.said = { words: numbers(events.words), mode: numbers(events.mode), topic: numbers(events.topic) };
    this.partsFrom = starts(numbers(events.counts));
    this.partRole = numbers(events.roles);
    this.partParty = numbers(events.parties);
    const aside = new Set(ASIDE.map((role) => packed.roles.indexOf(role)));
    const where = new Set(WHERE.slice(0, 2).map((role) => packed.roles.indexOf(role)));
    [this.actorsFrom, this.actors] = this.lists((role) => !aside.has(role));
    [this.placesFrom, this.places] = this.lists((role) => where.has(role));
    this.sentences = new Texts(packed.sentences);
    this.evidenceFrom = starts(numbers(evidence.counts));
    this.sentence = numbers(evidence.sentences);
    this.spansFrom = starts(numbers(evidence.marks), 3);
    this.spans = numbers(evidence.spans);
  }

  // The parties of each event in some of the roles, each once.
  private lists(wanted: (role: number) => boolean): [Uint32Array, Uint32Array] {
    const { partRole, partParty, partsFrom, size } = this;
    const isWanted = Uint8Array.from(this.packed.roles, (_, role) => Number(wanted(role)));
    const from = new Uint32Array(size + 1);
    const found = new Uint32Array(partRole.length);
    let count = 0;
    for (let i = 0; i < size; i++) {
      const start = count;
      next: for (let k = partsFrom[i]!, end = partsFrom[i + 1]!; k < end; k++) {
        if (!isWanted[partRole[k]!]) continue;
        const party = partParty[k]!;
        for (let j = start; j < count; j++) if (found[j] === party) continue next;
        found[count++] = party;
      }
      from[i + 1] = count;
    }
    return [from, found.slice(0, count)];
  }

  get parties(): number {
    return this.kind.length;
  }

  get documents(): number {
    return this.host.length;
  }

  party(i: number): Party {
    return {
      iri: this.iris.at(i),
      label: this.labels.at(i),
      kind: this.packed.kinds[this.kind[i]!]!,
      item: this.items.at(i) || null,
      linked: this.linked[i] === 1,
      at: this.at.get(i) ?? null,
    };
  }

  doc(i: number): Doc {
    return { id: this.documentIds.at(i), title: this.titles.at(i), url: this.urls.at(i), issued: this.issued[i]! };
  }

  iri(event: number): string {
    return `${this.folders.at(this.folder[event]!)}/${this.tails.at(event)}`;
  }

  find(iri: string): number {
    const tail = iri.slice(iri.lastIndexOf("/") + 1);
    for (let i = this.tails.find(tail); i >= 0; i = this.tails.find(tail, i + 1)) if (this.iri(i) === iri) return i;
    return -1;
  }

  parts(event: number): { role: string; party: number }[] {
    const found = [];
    for (let k = this.partsFrom[event]!; k < this.partsFrom[event + 1]!; k++) found.push({ role: this.packed.roles[this.partRole[k]!]!, party: this.partParty[k]! });
    return found;
  }

  // Parties of an event in one of the roles.
  having(event: number, ...roles: string[]): number[] {
    return this.parts(event).filter(({ role }) => roles.includes(role)).map(({ party }) => party);
  }

  // A mark for each event in which one of the marked parties has any part.
  taking(parties: Uint8Array): Uint8Array {
    const { partParty, partsFrom, size } = this;
    const found = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      for (let k = partsFrom[i]!, end = partsFrom[i + 1]!; k < end; k++) {
        if (parties[partParty[k]!]) {
          found[i] = 1;
          break;
        }
      }
    }
    return found;
  }

  words(event: number): string {
    return this.words_.at(this.said.words[event]!);
  }

  mode(event: number): string {
    return this.words_.at(this.said.mode[event]!);
  }

  topic(event: number): string {
    return this.words_.at(this.said.topic[event]!);
  }

  evidence(event: number): Sentence[] {
    const found: Sentence[] = [];
    for (let n = this.evidenceFrom[event] ?? 0; n < (this.evidenceFrom[event + 1] ?? 0); n++) {
      const marks = [];
      for (let k = this.spansFrom[n]!; k < this.spansFrom[n + 1]!; k += 3) {
        const role = this.spans[k + 2]!;
        marks.push({ begin: this.spans[k]!, end: this.spans[k + 1]!, what: role ? this.packed.roles[role - 1]! : "trigger" });
      }
      found.push({ text: this.sentences.at(this.sentence[n]!), marks });
    }
    return found;
  }

  // A mark for each event that holds a text, in any case, in a name, a sentence, a document's title or the topic.
  holding(text: string): Uint8Array {
    const found = this.taking(this.labels.holding(text));
    const [titles, words, sentences] = [this.titles, this.words_, this.sentences].map((each) => each.holding(text)) as [Uint8Array, Uint8Array, Uint8Array];
    for (let i = 0; i < this.size; i++) if (titles[this.document[i]!] || words[this.said.topic[i]!]) found[i] = 1;
    for (let i = 0; i + 1 < this.evidenceFrom.length; i++) {
      for (let n = this.evidenceFrom[i]!; n < this.evidenceFrom[i + 1]!; n++) if (sentences[this.sentence[n]!]) found[i] = 1;
    }
    return found;
  }
}
