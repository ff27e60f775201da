"""Charts: an answer's values as lengths of a drawing, which a template turns into SVG. Only lengths are computed."""
