"""What containers are run with that somebody else made: images of hosts, key pairs, secrets, parameters, keys, policies."""

import json

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend
from rehearsal.outside import adopted, adopted_at


@adopted(r"ami-[0-9a-f]{8,17}")
def image(aws: Emulator, identifier: str, region: str) -> None:
    """The image was built and is available in the stack's region."""
    images = backend("ec2", ACCOUNT, region).amis
    if identifier in images:
        return
    made = aws.call("ec2", "RegisterImage", {"Name": "adopted", "RootDeviceName": "/dev/xvda"}, region=region)["ImageId"]
    images[identifier] = images.pop(made)
    images[identifier].id = identifier
    images[identifier].root_device_name = "/dev/xvda"
    images[identifier].architecture = "x86_64"


@adopted_at("containers.amiRelease")
def release(aws: Emulator, name: str, region: str) -> None:
    """AWS has released the image, for both architectures."""
    for architecture in ("x86_64", "arm64") if name[:1].isdigit() else ():
        request = {"Name": f"al2023-ami-ecs-hvm-{name}-kernel-6.1-{architecture}", "RootDeviceName": "/dev/xvda"}
        if any(one.name == request["Name"] for one in backend("ec2", ACCOUNT, region).amis.values()):
            continue
        made = aws.call("ec2", "RegisterImage", request, region=region, seed=request["Name"])["ImageId"]
        image = backend("ec2", ACCOUNT, region).amis[made]
        image.architecture, image.owner_alias, image.owner_id = architecture, "amazon", "amazon"


@adopted_at("containers.keyName")
def key_pair(aws: Emulator, name: str, region: str) -> None:
    """The key pair was made in the stack's region."""
    aws.call("ec2", "CreateKeyPair", {"KeyName": name}, region=region)


@adopted(r"arn:aws:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(:[^:]*:[^:]*:[^:]*)?")
def secret(aws: Emulator, arn: str, region: str) -> None:
    """The secret exists, in the region that its ARN names, with a user and a password in it."""
    own = ":".join(arn.split(":")[:7])
    value = json.dumps({"username": "adopted", "password": "adopted"})
    request = {"Name": own.rsplit(":", 1)[-1], "SecretString": value}
    secrets = backend("secretsmanager", ACCOUNT, own.split(":")[3]).secrets
    if request["Name"] not in secrets:
        aws.call("secretsmanager", "CreateSecret", request, region=own.split(":")[3], seed=own)
        secrets[request["Name"]].arn = own
    aws.adopted.add(own)


@adopted(r"arn:aws:ssm:[a-z0-9-]+:[0-9]{12}:parameter/[A-Za-z0-9_.,/-]+")
def parameter(aws: Emulator, arn: str, region: str) -> None:
    """The parameter exists, encrypted."""
    name = "/" + arn.split(":parameter/", 1)[1]
    request = {"Name": name if "/" in name[1:] else name[1:], "Value": "adopted", "Type": "SecureString", "Overwrite": True}
    aws.call("ssm", "PutParameter", request, region=arn.split(":")[3])


@adopted(r"arn:aws:iam::[0-9]{12}:policy/.+")
def policy(aws: Emulator, arn: str, region: str) -> None:
    """The policy exists."""
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
    }
    request = {"PolicyName": arn.rsplit("/", 1)[-1], "PolicyDocument": json.dumps(document)}
    if not any(one.arn == arn for one in backend("iam", ACCOUNT, region).managed_policies.values()):
        aws.call("iam", "CreatePolicy", request, region=region)


@adopted(r"arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/(mrk-)?[0-9a-f-]{32,36}")
def key(aws: Emulator, arn: str, region: str) -> None:
    """The key exists, in the region that its ARN names."""
    own, identifier = arn.split(":")[3], arn.rsplit("/", 1)[-1]
    keys = backend("kms", ACCOUNT, own).keys
    if identifier not in keys:
        made = aws.call("kms", "CreateKey", {}, region=own, seed=arn)["KeyMetadata"]["KeyId"]
        keys[identifier] = keys.pop(made)
        keys[identifier].id, keys[identifier].arn = identifier, arn
