"""Makes a user with a key that may read secrets, and the secrets, in the moto server at the address given: nine requests."""

import json
import sys

import boto3

session = boto3.Session(aws_access_key_id="setup", aws_secret_access_key="setup", region_name="eu-central-1")
iam = session.client("iam", endpoint_url=sys.argv[1])
secrets = session.client("secretsmanager", endpoint_url=sys.argv[1])

allowed = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}],
}
iam.create_user(UserName="deploy")
iam.put_user_policy(UserName="deploy", PolicyName="read", PolicyDocument=json.dumps(allowed))
key = iam.create_access_key(UserName="deploy")["AccessKey"]

first = {"password": "canary-previous", "user": "canary-user", "pin": 7}
version = secrets.create_secret(Name="shop/db", SecretString=json.dumps(first))["VersionId"]
secrets.put_secret_value(SecretId="shop/db", SecretString=json.dumps({**first, "password": "canary-aws"}))
secrets.create_secret(Name="/team/token", SecretString="canary-token")
secrets.create_secret(Name="binary", SecretBinary=b"canary-binary")
secrets.create_secret(Name="shop/empty", SecretString=json.dumps({"a": ""}))
secrets.create_secret(Name="shop/unused", SecretString="canary-unused")

print(key["AccessKeyId"])
print(key["SecretAccessKey"])
print(version)
