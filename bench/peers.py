"""What others take for as much, for the record: AWS CDK, which synthesizes a template and checks none of it."""

import json
import shutil
import subprocess
from pathlib import Path

from bench.processes import Run, run

CDK = "2.276.0"
CONSTRUCTS = "10.8.1"
APP = """
const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const app = new cdk.App({ outdir: process.argv[3], context: { "@aws-cdk/core:stackResourceLimit": 0 } });
const stack = new cdk.Stack(app, "peer");
const vpc = new ec2.CfnVPC(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
for (let number = 1; number < Number(process.argv[2]); number++) {
  new ec2.CfnSecurityGroup(stack, `group${number}`, {
    vpcId: vpc.ref,
    groupDescription: `group ${number}`,
    securityGroupIngress: [{ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIp: "10.0.0.0/16" }],
    tags: [{ key: "Name", value: `group${number}` }],
  });
}
app.synth();
"""


def version() -> str:
    """Of Node.js and of the CDK; empty where there is no Node.js."""
    node = shutil.which("node")
    if not (node and shutil.which("npm")):
        return ""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return f"aws-cdk-lib {CDK} on Node.js {said}"


def install(folder: Path) -> Path:
    """Install the CDK into a folder; returns that of the app. Raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    packages = {"dependencies": {"aws-cdk-lib": CDK, "constructs": CONSTRUCTS}}
    (folder / "package.json").write_text(json.dumps(packages), encoding="utf-8")
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (folder / "app.js").write_text(APP, encoding="utf-8")
    return folder


def synthesize(folder: Path, resources: int) -> Run:
    """Synthesize a stack of so many resources."""
    return run(["node", "app.js", str(resources), str(folder / "out")], folder)
