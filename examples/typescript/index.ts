// A network between the data centre and AWS, and a PostgreSQL that both sides reach.
import * as hybridge from "@pulumi/hybridge";

const region = "ap-northeast-2";
const dataCentre = ["10.10.0.0/16"];
const tags = { Project: "orders" };

const network = new hybridge.Network("hub", {
    region,
    tags,
    cidr: "10.200.0.0/16",
    zones: ["ap-northeast-2a", "ap-northeast-2c"],
    onPremises: {
        cidrs: dataCentre,
        routers: [{ name: "seoul-1", publicIp: "203.0.113.10", asn: 65010 }],
    },
});

const database = new hybridge.Database("orders", {
    region,
    tags,
    vpcId: network.vpcId,
    isolatedSubnetIds: network.isolatedSubnetIds,
    privateSubnetIds: network.privateSubnetIds,
    privateZoneId: network.privateZoneId,
    privateZoneName: network.privateZoneName,
    onPremisesCidrs: dataCentre,
    instanceClass: "db.t4g.medium",
});

export const address = database.dnsName;
export const secret = database.secretArn;
