"""How much one FEEL evaluation may use. Chosen so that any input ends in well under a second and 200 MB."""

from __future__ import annotations

MAX_TEXT = 100_000  # characters of one expression; the longest seen in the wild has 42,000, nearly all in one text
MAX_TOKENS = 12_000  # of one expression; parsing and compiling take about 40 microseconds a token
MAX_NESTING = 64  # levels of brackets, functions and contexts; six Python frames each while parsing
MAX_TREE_DEPTH = 150  # levels of the syntax tree; each is one Python frame while evaluating
MAX_STEPS = 600_000  # evaluated nodes, items and regex steps of one evaluation: 0.2 to 0.7 seconds
MAX_FRAMES = 450  # Python frames that nested calls of user functions may use; Python itself stops at 1,000
MAX_ITEMS = 100_000  # items of one list, entries of one context
MAX_CHARACTERS = 1_000_000  # characters of one text value
MAX_VALUE_ITEMS = 1_000_000  # items of one answer, counted again wherever a part is used twice
MAX_VALUE_DEPTH = 100  # nesting of lists and contexts
MAX_INTEGER_BITS = 20_500  # 10 ** 6144, the largest number FEEL knows, has 20,410
MAX_ITERATORS = 10  # lists that one loop goes through side by side
MAX_NOTES = 20  # explanations kept for one evaluation
MAX_PATTERN = 2_000  # characters of a regular expression
MAX_PATTERN_SIZE = 10_000  # instructions a regular expression may expand to (`(a{100}){100}` is the limit)
STEPS_A_CALL = 20  # what calling a built-in function costs beside the size of its arguments
STEPS_AN_ITEM = 3  # what binding one item of a loop costs
CHARACTERS_A_STEP = 16  # text of this many characters costs as much as one step
