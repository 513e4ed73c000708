"""What stack files may hold that readers of YAML disagree on. The CLI's answers to all of it are in cli_reader/answers.json."""

from pathlib import Path

ROOT = Path(__file__).parents[2]

PROJECT = """\
name: hybridge
runtime: python
config:
  size: {type: string, default: small}
  protect: {type: boolean, default: true}
  count: {type: integer, default: 1}
  tags: {type: object, default: {}}
  workloads: {type: array, items: {type: object}, default: []}
  plain: text
"""

SCALARS = (Path(__file__).parent / "cli_reader" / "scalars.txt").read_text(encoding="utf-8").splitlines()
"""Each is tried as a top-level value, in a list and in a mapping."""

DOCUMENTS = [
    "",
    "# nothing\n",
    "config:\n",
    "config: {}\n",
    "config: []\n",
    "config: text\n",
    "config: 5\n",
    "- a\n",
    "text\n",
    "size: large\n",
    "config:\n  size:\n",
    "config:\n  tags:\n",
    "config:\n  workloads:\n",
    "config:\n  workloads: [1]\n",
    "config:\n  workloads: [{name: web}, ~]\n",
    "config:\n  workloads: {}\n",
    "config:\n  workloads: text\n",
    "config:\n  tags: []\n",
    "config:\n  tags: text\n",
    "config:\n  protect: on\n",
    "config:\n  protect: True\n",
    "config:\n  protect: 'true'\n",
    "config:\n  protect: 1\n",
    "config:\n  count: 5\n",
    "config:\n  count: 5.0\n",
    "config:\n  count: 5.5\n",
    "config:\n  count: '5'\n",
    "config:\n  count: 017\n",
    "config:\n  count: many\n",
    "config:\n  size: [large]\n",
    "config:\n  size: {a: b}\n",
    "config:\n  size: 5\n",
    "config:\n  size: {secure: v1:abc}\n",
    "config:\n  tags: {secure: v1:abc}\n",
    "config:\n  plain: {secure: v1:abc}\n",
    "config:\n  plain: {secure: 5}\n",
    "config:\n  plain: {secure: v1:abc, other: x}\n",
    "config:\n  tags: {a: {secure: v1:abc}, b: [{secure: v1:abc}]}\n",
    "config:\n  hybridge:size: large\n  aws:region: x\n  other:key: y\n",
    "config:\n  a b: x\n",
    "config:\n  a:b:c: x\n",
    "config:\n  1: x\n",
    "config:\n  true: x\n",
    "config:\n  ~: x\n",
    "config:\n  '1': x\n",
    "1: x\nconfig: {}\n",
    "config:\n  tags: {1: a, true: b, 1.5: c, 017: d, on: e, no: f}\n",
    "config:\n  tags: {? [a] : b}\n",
    "config:\n  tags:\n    ? a\n    : b\n",
    "config:\n  tags: {a: 1, a: 2}\n",
    "config:\n  tags: {a: 1, 'a': 2}\n",
    "config:\n  size: small\n  size: large\n",
    "config:\n  tags: {<<: {a: 1}, a: 2, b: 3}\n",
    "x: &x {a: 1, b: 2}\nconfig:\n  tags:\n    <<: *x\n    b: 3\n",
    "config:\n  tags:\n    <<: [{a: 1, b: 1}, {b: 2, c: 2}]\n    c: 3\n",
    "config:\n  tags: {<<: text}\n",
    "config:\n  tags: {<<: {a: 1}, <<: {b: 2}}\n",
    "config:\n  tags: {'<<': {a: 1}}\n",
    "config:\n  tags: {<<: {<<: {a: 1}, b: 2}, c: 3}\n",
    "config:\n  tags: &x {a: *x}\n",
    "config:\n  workloads: &x [*x]\n",
    "config:\n  tags: {a: &x 1, b: *x}\n",
    "config:\n  tags: {a: *x, b: &x 1}\n",
    "config:\n  tags: &x {a: 1}\n  workloads: [*x, *x]\n",
    "config:\n  tags: {a: null, b: ~, c: , d: [~]}\n",
    "config:\n  plain: |\n    a\n    b\n",
    "config:\n  plain: >-\n    a\n    b\n\n    c\n",
    "config:\n  plain: >+\n    a\n\n",
    "config:\n  plain: |2\n      a\n",
    "config:\n  plain: a\n    b\n   c\n",
    'config:\n  plain: "a\n    b\n\n    c"\n',
    'config:\n  plain: "a\\\n    b"\n',
    "config:\n  tags: {a: b\n",
    "config:\n  workloads: [{a: b]\n",
    "config:\n  plain: 'a\n",
    "config:\n\tplain: a\n",
    "config:\n  plain:\ta\n",
    "config:\n  plain: a\t\n",
    "config:\n  tags:\n    a: 1\n   b: 2\n",
    "config:\n  tags:\n    a: 1\n      b: 2\n",
    "config:\n  workloads:\n  - name: a\n    image: b\n   - name: c\n",
    "config:\n  workloads:\n  - name: a\n  image: b\n",
    "config:\n  workloads:\n- name: a\n",
    "config:\n  workloads: - name: a\n",
    "config:\n  plain: a: b\n",
    "config:\n  plain a\n",
    "config:\nplain: a\n",
    "config: {}\nplain\n",
    "config:\n  tags: {a: cron(0 3 ? * * *)}\n",
    "config:\n  tags: {a: http://x?y=1}\n",
    "config:\n  tags:\n    a: cron(0 3 ? * * *)\n",
    "config:\n  tags: {a: [b:]}\n",
    "config:\n  tags: {a: http://x:80/y, b: [c: d]}\n",
    'config:\n  tags: {a: "\\n", b: "\\nx", c: "x\\n", d: "\\tx\\n"}\n',
    "config:\n  plain: a # note\n  size: b#c\n",
    "config:\r\n  plain: a\r\n",
    "\ufeffconfig:\n  plain: a\n",
    "config:\n  plain: a\n---\nconfig:\n  plain: b\n",
    "---\nconfig:\n  plain: a\n...\n",
    "%YAML 1.1\n---\nconfig:\n  plain: on\n",
    "%YAML 1.2\n---\nconfig:\n  plain: on\n",
    "config:\n  plain: \x07\n",
    "config:\n  plain: \U0001f600\n",
    "config:\n  plain: <b>&amp;\n  tags: {a: <b>&}\n",
    "config:\n  tags: !custom {a: !other b}\n",
    "encryptionsalt: v1:x\nsecretsprovider: awskms://x\nconfig:\n  plain: a\n",
    "environment: [a, b]\nconfig:\n  plain: a\n",
    "environment: {imports: [a]}\nconfig:\n  plain: a\n",
    "stray: 1\nconfig:\n  plain: a\n",
    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nconfig:\n  workloads: [*d,*d,*d,*d,*d,*d,*d,*d]\n",
]


def documents() -> list[str]:
    """Every stack file of the corpus."""
    return [
        *DOCUMENTS,
        *(f"config:\n  plain: {one}\n" for one in SCALARS),
        *(f"config:\n  tags:\n    a: {one}\n    b:\n      - {one}\n" for one in SCALARS),
    ]


def own() -> list[tuple[str, str]]:
    """The stack files of the project, with its Pulumi.yaml."""
    project = (ROOT / "Pulumi.yaml").read_text(encoding="utf-8")
    return [(project, path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tests" / "samples").glob("Pulumi.*.yaml"))]
