// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const drafts = [
  {
    key: 'drafts/8083d59d0e39d73d78e3f2fbb92ef8becec8bdff20588a6f412cbe821f5872a2.json',
    document: {
      environment: 'dev',
      application: 'shop',
      version: 'a77f0ff14ffbe4d6f5d38b6fcc509bea8e57b558',
      built: {
        template: {
          AWSTemplateFormatVersion: '2010-09-09',
          Description: 'shop in dev',
          Parameters: {
            DatabaseSecretMain: {
              Type: 'String',
            },
            DesiredCountMain: {
              Type: 'Number',
            },
            ECSCluster: {
              Type: 'String',
            },
            ECSTaskExecutionRole: {
              Type: 'String',
            },
            HostHeader: {
              Type: 'String',
            },
            ListenerARN: {
              Type: 'String',
            },
            ListenerRulePriority0450d5ba4957: {
              Type: 'Number',
            },
            LoadBalancerSecurityGroup: {
              Type: 'String',
            },
            PermissionsBoundary: {
              Type: 'String',
            },
            SourceTag: {
              Type: 'String',
            },
            VPCID: {
              Type: 'String',
            },
            VersionTag: {
              Type: 'String',
            },
          },
          Resources: {
            EC2SecurityGroupMain: {
              Properties: {
                GroupDescription: 'Containers of dev-shop main',
                SecurityGroupIngress: [
                  {
                    FromPort: 8080,
                    IpProtocol: 'tcp',
                    SourceSecurityGroupId: {
                      Ref: 'LoadBalancerSecurityGroup',
                    },
                    ToPort: 8080,
                  },
                ],
                VpcId: {
                  Ref: 'VPCID',
                },
              },
              Type: 'AWS::EC2::SecurityGroup',
            },
            ECSServiceMain: {
              DependsOn: ['ListenerRule0450d5ba4957'],
              Properties: {
                Cluster: {
                  Ref: 'ECSCluster',
                },
                DeploymentConfiguration: {
                  DeploymentCircuitBreaker: {
                    Enable: true,
                    Rollback: true,
                  },
                  MaximumPercent: 200,
                  MinimumHealthyPercent: 100,
                },
                DesiredCount: {
                  Ref: 'DesiredCountMain',
                },
                HealthCheckGracePeriodSeconds: 60,
                LaunchType: 'EC2',
                LoadBalancers: [
                  {
                    ContainerName: 'main',
                    ContainerPort: 8080,
                    TargetGroupArn: {
                      Ref: 'ElasticLoadBalancingV2TargetGroupMainHttpMainP8080',
                    },
                  },
                ],
                PropagateTags: 'TASK_DEFINITION',
                TaskDefinition: {
                  Ref: 'ECSTaskDefinitionMain',
                },
              },
              Type: 'AWS::ECS::Service',
            },
            ECSTaskDefinitionMain: {
              Properties: {
                ContainerDefinitions: [
                  {
                    Cpu: 128,
                    Environment: [
                      {
                        Name: 'AWS_REGION',
                        Value: {
                          Ref: 'AWS::Region',
                        },
                      },
                    ],
                    Essential: true,
                    Image: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:a77f0ff14ffbe4d6f5d38b6fcc509bea8e57b558',
                    LogConfiguration: {
                      LogDriver: 'awslogs',
                      Options: {
                        'awslogs-create-group': 'true',
                        'awslogs-group': 'ecs/dev/shop/main',
                        'awslogs-region': {
                          Ref: 'AWS::Region',
                        },
                        'awslogs-stream-prefix': 'main',
                      },
                    },
                    MemoryReservation: 256,
                    Name: 'main',
                    PortMappings: [
                      {
                        ContainerPort: 8080,
                        HostPort: 0,
                        Protocol: 'tcp',
                      },
                    ],
                    Secrets: [
                      {
                        Name: 'DATABASE_URL',
                        ValueFrom: {
                          'Fn::Sub': '${DatabaseSecretMain}:dburl::',
                        },
                      },
                    ],
                  },
                ],
                ExecutionRoleArn: {
                  Ref: 'ECSTaskExecutionRole',
                },
                Family: 'dev-shop_main',
                NetworkMode: 'bridge',
                RequiresCompatibilities: ['EC2'],
                Tags: [
                  {
                    Key: 'o5-deployment-version',
                    Value: {
                      Ref: 'VersionTag',
                    },
                  },
                  {
                    Key: 'o5-source',
                    Value: {
                      Ref: 'SourceTag',
                    },
                  },
                ],
                TaskRoleArn: {
                  'Fn::GetAtt': ['IAMRoleMainAssume', 'Arn'],
                },
              },
              Type: 'AWS::ECS::TaskDefinition',
            },
            ElasticLoadBalancingV2TargetGroupMainHttpMainP8080: {
              Properties: {
                HealthCheckIntervalSeconds: 5,
                HealthCheckPath: '/healthz',
                HealthCheckTimeoutSeconds: 4,
                HealthyThresholdCount: 2,
                Matcher: {
                  HttpCode: '200,401,404',
                },
                Name: 'dev-shop-main-d12c9ac2',
                Port: 8080,
                Protocol: 'HTTP',
                ProtocolVersion: 'HTTP1',
                TargetGroupAttributes: [
                  {
                    Key: 'deregistration_delay.timeout_seconds',
                    Value: '30',
                  },
                ],
                TargetType: 'instance',
                UnhealthyThresholdCount: 6,
                VpcId: {
                  Ref: 'VPCID',
                },
              },
              Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
            },
            IAMRoleMainAssume: {
              Properties: {
                AssumeRolePolicyDocument: {
                  Statement: [
                    {
                      Action: 'sts:AssumeRole',
                      Effect: 'Allow',
                      Principal: {
                        Service: 'ecs-tasks.amazonaws.com',
                      },
                    },
                  ],
                  Version: '2012-10-17',
                },
                PermissionsBoundary: {
                  Ref: 'PermissionsBoundary',
                },
                RoleName: 'dev-shop-main',
              },
              Type: 'AWS::IAM::Role',
            },
            ListenerRule0450d5ba4957: {
              Properties: {
                Actions: [
                  {
                    TargetGroupArn: {
                      Ref: 'ElasticLoadBalancingV2TargetGroupMainHttpMainP8080',
                    },
                    Type: 'forward',
                  },
                ],
                Conditions: [
                  {
                    Field: 'path-pattern',
                    PathPatternConfig: {
                      Values: ['/*'],
                    },
                  },
                  {
                    Field: 'host-header',
                    HostHeaderConfig: {
                      Values: [
                        {
                          Ref: 'HostHeader',
                        },
                      ],
                    },
                  },
                ],
                ListenerArn: {
                  Ref: 'ListenerARN',
                },
                Priority: {
                  Ref: 'ListenerRulePriority0450d5ba4957',
                },
              },
              Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
            },
            SecretsManagerSecretAppSecretNewsletter: {
              DeletionPolicy: 'RetainExceptOnCreate',
              Properties: {
                Description: 'Secret newsletter of shop in dev',
                Name: '/dev/shop/newsletter',
              },
              Type: 'AWS::SecretsManager::Secret',
              UpdateReplacePolicy: 'Retain',
            },
          },
        },
        parameters: [
          {
            kind: 'databaseSecret',
            name: 'DatabaseSecretMain',
            database: 'main',
          },
          {
            kind: 'desiredCount',
            name: 'DesiredCountMain',
            runtime: 'main',
            initial: 1,
          },
          {
            kind: 'value',
            name: 'ECSCluster',
            value: 'local',
          },
          {
            kind: 'value',
            name: 'ECSTaskExecutionRole',
            value: 'arn:aws:iam::000000000000:role/local-task-execution',
          },
          {
            kind: 'value',
            name: 'HostHeader',
            value: '*.*',
          },
          {
            kind: 'value',
            name: 'ListenerARN',
            value:
              'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/local/d58372e34ce0b10f/e010f3d40134fffa',
          },
          {
            kind: 'rulePriority',
            name: 'ListenerRulePriority0450d5ba4957',
            group: 'NORMAL',
            listenerArn:
              'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/local/d58372e34ce0b10f/e010f3d40134fffa',
          },
          {
            kind: 'value',
            name: 'LoadBalancerSecurityGroup',
            value: 'sg-00000001',
          },
          {
            kind: 'value',
            name: 'PermissionsBoundary',
            value: 'arn:aws:iam::000000000000:policy/slipway-boundary-local',
          },
          {
            kind: 'value',
            name: 'SourceTag',
            value: 'o5/shop/a77f0ff14ffbe4d6f5d38b6fcc509bea8e57b558',
          },
          {
            kind: 'value',
            name: 'VPCID',
            value: 'vpc-00000001',
          },
          {
            kind: 'value',
            name: 'VersionTag',
            value: 'a77f0ff14ffbe4d6f5d38b6fcc509bea8e57b558',
          },
        ],
        databases: [
          {
            key: 'main',
            databaseName: 'dev_shop_main',
            serverGroup: 'default',
            extensions: [],
            migrate: {
              name: 'migrate',
              image: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:a77f0ff14ffbe4d6f5d38b6fcc509bea8e57b558',
              command: ['dbmate', '--no-dump-schema', '--migrations-dir', 'db/migrations', 'migrate'],
              cpu: 128,
              memory: 256,
              environment: [
                {
                  name: 'AWS_REGION',
                  value: 'eu-west-1',
                },
              ],
              secrets: [
                {
                  name: 'DATABASE_URL',
                  kind: 'database',
                  database: 'main',
                  jsonKey: 'dburl',
                },
              ],
            },
          },
        ],
        images: ['000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:a77f0ff14ffbe4d6f5d38b6fcc509bea8e57b558'],
        quickMode: false,
      },
      migrations: {
        main: {
          tool: 'dbmate',
          path: 'db/migrations',
          files: [
            {
              id: '20260101000000',
              path: 'db/migrations/20260101000000_create_products.sql',
              content:
                "-- migrate:up\nCREATE TABLE products (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  name text NOT NULL,\n  price_cents integer NOT NULL,\n  note text\n);\n\nINSERT INTO products (name, price_cents, note)\nVALUES ('Anchor', 12900, 'heavy'), ('Cleat', 1450, NULL), ('Fender', 3200, 'soft');\n\n-- migrate:down\nDROP TABLE products;\n",
              checksum: 'f75498d789c947b6dc89f784761f821ab26d9231811209ae91179d602afa53c0',
            },
            {
              id: '20260201000000',
              path: 'db/migrations/20260201000000_index_names.sql',
              content:
                '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY products_name ON products (name);\n\n-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY products_name;\n',
              checksum: '1594a91b188ed5f84b75a1fd6a8277cb9b61bb4880811c8f02c687ab9a31684c',
            },
            {
              id: '20260301000000',
              path: 'db/migrations/20260301000000_add_discount.sql',
              content:
                '-- migrate:up\nALTER TABLE products ADD COLUMN discount_percent integer NOT NULL DEFAULT 0;\n\n-- migrate:down\nALTER TABLE products DROP COLUMN discount_percent;\n',
              checksum: '47f378d62e7b750eb1208b5d753f6b11698adadaa4466f0891a0248079009e77',
            },
            {
              id: '20260401000000',
              path: 'db/migrations/20260401000000_widen_prices.sql',
              content:
                '-- migrate:up\nALTER TABLE products ALTER COLUMN price_cents TYPE bigint;\n\n-- migrate:down\nALTER TABLE products ALTER COLUMN price_cents TYPE integer;\n',
              checksum: 'af17d62f971b79645ebe200eeb43c16b69d0defbb4d1360e015652e079a72a6e',
            },
            {
              id: '20260501000000',
              path: 'db/migrations/20260501000000_drop_note.sql',
              content:
                '-- migrate:up\n-- slipway: after\nALTER TABLE products DROP COLUMN note;\n\n-- migrate:down\nALTER TABLE products ADD COLUMN note text;\n',
              checksum: '930ba91931dd4c499743110484746745fdc6839322468dac473f67405ef504da',
            },
            {
              id: '20260601000000',
              path: 'db/migrations/20260601000000_create_reviews.sql',
              content:
                '-- migrate:up\nCREATE TABLE reviews (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  product_id bigint NOT NULL REFERENCES product (id),\n  stars integer NOT NULL\n);\n\n-- migrate:down\nDROP TABLE reviews;\n',
              checksum: '68fe3866c941d05789a081c54176d41255fb118a6a0737a853c4d22a9c204ded',
            },
          ],
        },
      },
    },
  },
] as const;
