"""The page on which queries are written and answered."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kgload.serving.pages.rendering import page as rendered
from kgload.serving.site import Site

START = """PREFIX kgl: <https://w3id.org/kgload/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?event ?status ?day ?name
WHERE {
  GRAPH ?g {
    ?event kgl:status ?status ; kgl:participant ?who .
    ?who rdfs:label ?name .
    OPTIONAL { ?event kgl:earliestDate ?day }
  }
}
ORDER BY DESC(?day) ?event ?name
LIMIT 50
"""


async def page(request: Request) -> Response:
    """The editor; without scripts, a plain form."""
    site: Site = request.app.state.site
    query = request.query_params.get("query", "")[: site.limits.body_bytes] or START
    return rendered(request, "editor.html", {"query": query, "seconds": site.limits.seconds, "most": site.limits.rows})
