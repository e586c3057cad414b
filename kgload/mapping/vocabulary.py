"""The namespaces and terms that the graph is written with, and the prefixes of its files."""

from __future__ import annotations

import pyoxigraph as ox

from kgload import ontology

KGL = ontology.KGL
ONTOLOGY_GRAPH = ontology.GRAPH
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ITSRDF = "http://www.w3.org/2005/11/its/rdf#"
SCHEMA = "https://schema.org/"
WD = "http://www.wikidata.org/entity/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
SEM = "http://semanticweb.cs.vu.nl/2009/11/sem/"
TIME = "http://www.w3.org/2006/time#"

PREFIXES = {
    "kgl": KGL,
    "nif": NIF,
    "itsrdf": ITSRDF,
    "sem": SEM,
    "schema": SCHEMA,
    "wd": WD,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "time": TIME,
}

A = ox.NamedNode(RDF + "type")
LABEL = ox.NamedNode(RDFS + "label")
ALT_LABEL = ox.NamedNode(SKOS + "altLabel")
CLOSE_MATCH = ox.NamedNode(SKOS + "closeMatch")
SAME_AS = ox.NamedNode(OWL + "sameAs")
IDENTIFIER = ox.NamedNode(DCTERMS + "identifier")
TITLE = ox.NamedNode(DCTERMS + "title")
ISSUED = ox.NamedNode(DCTERMS + "issued")
URL = ox.NamedNode(SCHEMA + "url")
SOFTWARE_VERSION = ox.NamedNode(SCHEMA + "softwareVersion")
GENERATED_BY = ox.NamedNode(PROV + "wasGeneratedBy")
ALTERNATE_OF = ox.NamedNode(PROV + "alternateOf")
ACTIVITY = ox.NamedNode(PROV + "Activity")
IDENT_REF = ox.NamedNode(ITSRDF + "taIdentRef")
IDENT_CONFIDENCE = ox.NamedNode(ITSRDF + "taConfidence")

CONTEXT, PHRASE, SENTENCE_CLASS = (ox.NamedNode(NIF + name) for name in ("Context", "Phrase", "Sentence"))
SENTENCE = ox.NamedNode(NIF + "sentence")
ANCHOR_OF = ox.NamedNode(NIF + "anchorOf")
BEGIN_INDEX = ox.NamedNode(NIF + "beginIndex")
END_INDEX = ox.NamedNode(NIF + "endIndex")
REFERENCE_CONTEXT = ox.NamedNode(NIF + "referenceContext")

# As NIF 2.0 has it for indices.
INDEX = ox.NamedNode(XSD + "nonNegativeInteger")
DATE = ox.NamedNode(XSD + "date")
DECIMAL = ox.NamedNode(XSD + "decimal")
INTEGER = ox.NamedNode(XSD + "integer")
ANY_URI = ox.NamedNode(XSD + "anyURI")
