from tests.components.container_platform.support import platform, statements, web
from tests.recorder import ACCOUNT, REGION

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
LISTENER = "aws:lb/listener:Listener"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"


def test_the_load_balancer_is_internal_careful_and_logs_every_request() -> None:
    balancer = platform().one("aws:lb/loadBalancer:LoadBalancer")
    assert balancer.inputs["internal"] is True
    assert balancer.inputs["subnets"] == ["subnet-a", "subnet-c"]
    assert balancer.inputs["securityGroups"] == ["platform-apps-id"]
    assert balancer.inputs["dropInvalidHeaderFields"] is True
    assert balancer.inputs["enableDeletionProtection"] is True
    assert balancer.inputs["accessLogs"] == {"bucket": "platform-apps-logs", "enabled": True}
    assert any("aws:s3/bucketPolicy:BucketPolicy" in urn for urn in balancer.dependencies), "AWS tries the bucket at once"


def test_without_a_certificate_there_is_http_that_answers_404() -> None:
    listener = platform().one(LISTENER)
    assert (listener.name, listener.inputs["port"], listener.inputs["protocol"]) == ("platform-apps-http", 80, "HTTP")
    (action,) = listener.inputs["defaultActions"]
    assert (action["type"], action["fixedResponse"]["statusCode"]) == ("fixed-response", "404")


def test_with_a_certificate_there_is_https_and_http_leads_to_it() -> None:
    graph = platform(web(route={}), certificate_arn=CERTIFICATE)
    https = graph.one(LISTENER, "platform-apps-https").inputs
    assert (https["port"], https["protocol"], https["certificateArn"]) == (443, "HTTPS", CERTIFICATE)
    assert https["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    # A name of its own would make it another resource, and AWS refuses a second listener on a port.
    (action,) = graph.one(LISTENER, "platform-apps-http").inputs["defaultActions"]
    assert action["redirect"] == {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}
    rule = graph.one("aws:lb/listenerRule:ListenerRule").inputs
    assert rule["listenerArn"] == f"arn:aws:lb:{REGION}:{ACCOUNT}:Listener/platform-apps-https"


def test_only_the_vpc_and_on_premises_reach_it() -> None:
    graph = platform(certificate_arn=CERTIFICATE)
    admitted = {
        (rule.inputs["cidrIpv4"], rule.inputs["fromPort"])
        for rule in graph.created(INGRESS, securityGroupId="platform-apps-id")
    }
    networks = ("10.20.0.0/16", "192.168.0.0/16", "172.16.0.0/12")
    assert admitted == {(network, port) for network in networks for port in (80, 443)}


def test_without_a_certificate_nothing_but_http_is_open() -> None:
    ports = {rule.inputs["fromPort"] for rule in platform().created(INGRESS, securityGroupId="platform-apps-id")}
    assert ports == {80}


def test_it_has_a_name_in_the_private_zone() -> None:
    record = platform().one("aws:route53/record:Record").inputs
    assert (record["name"], record["zoneId"]) == ("apps.aws.corp.example", "Z1")
    assert platform(private_zone_id=None).created("aws:route53/record:Record") == []


def test_access_logs_are_private_encrypted_and_expire() -> None:
    graph = platform(access_log_retention_days=7)
    found = statements(graph, "platform-apps-logs", "aws:s3/bucketPolicy:BucketPolicy")
    bucket = f"arn:aws:s3:{REGION}:{ACCOUNT}:Bucket/platform-apps-logs"
    assert found["DeliverAccessLogs"] == {
        "Sid": "DeliverAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket}/AWSLogs/{ACCOUNT}/*",
    }
    assert found["RefusePlainHttp"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    (rule,) = graph.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert rule["expiration"] == {"days": 7}
    (encryption,) = graph.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs[
        "rules"
    ]
    assert encryption["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}, "the one that AWS delivers to"


def test_hosts_admit_the_load_balancer_and_ssh_from_on_premises_and_no_one_else() -> None:
    graph = platform(ssh_cidrs=["192.168.10.0/24"])
    rules = {rule.name: rule.inputs for rule in graph.created(INGRESS, securityGroupId="platform-firewall-id")}
    assert rules.keys() == {"platform-firewall-from-load-balancer", "platform-firewall-ssh-from-192.168.10.0-24"}
    balancer = rules["platform-firewall-from-load-balancer"]
    assert balancer["referencedSecurityGroupId"] == "platform-apps-id"
    assert (balancer["fromPort"], balancer["toPort"]) == (32_768, 65_535)
    ssh = rules["platform-firewall-ssh-from-192.168.10.0-24"]
    assert (ssh["cidrIpv4"], ssh["fromPort"], ssh["toPort"]) == ("192.168.10.0/24", 22, 22)


def test_hosts_reach_https_everywhere_and_all_of_the_vpc_and_on_premises() -> None:
    rules = [rule.inputs for rule in platform().created(EGRESS, securityGroupId="platform-firewall-id")]
    reached = {(rule["cidrIpv4"], rule["ipProtocol"], rule.get("fromPort")) for rule in rules}
    assert reached == {
        ("0.0.0.0/0", "tcp", 443),
        ("10.20.0.0/16", "-1", None),
        ("192.168.0.0/16", "-1", None),
        ("172.16.0.0/12", "-1", None),
    }


def test_a_fixed_port_is_open_to_the_vpc_and_on_premises_and_to_the_load_balancer() -> None:
    ports = [{"container_port": 80, "host_port": 8080}, {"container_port": 53, "host_port": 5353, "protocol": "udp"}]
    graph = platform(
        web(ports=ports), web(name="other", placement="onPremises", ports=[{"container_port": 1, "host_port": 99}])
    )
    opened = {
        (rule.inputs["cidrIpv4"], rule.inputs["ipProtocol"], rule.inputs["fromPort"])
        for rule in graph.created(INGRESS, securityGroupId="platform-firewall-id")
        if "cidrIpv4" in rule.inputs
    }
    networks = ("10.20.0.0/16", "192.168.0.0/16", "172.16.0.0/12")
    assert opened == {(network, *port) for network in networks for port in (("tcp", 8080), ("udp", 5353))}
    forwarded = [rule.inputs["fromPort"] for rule in graph.created(EGRESS, securityGroupId="platform-apps-id")]
    assert sorted(forwarded) == [8080, 32_768]


def test_the_database_admits_the_hosts() -> None:
    rule = platform().one(INGRESS, "platform-firewall-database").inputs
    assert rule["securityGroupId"] == "sg-database"
    assert rule["referencedSecurityGroupId"] == "platform-firewall-id"
    assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (5432, 5432, "tcp")
    assert "platform-firewall-database" not in platform(database=None).names(INGRESS)
