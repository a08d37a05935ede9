#!/usr/bin/env bash
# Jars as Maven copies the dependencies of the artifacts below: DIR/java.tar.
# usage: java.sh DIR (needs mvn)
source "$(dirname "$0")/common.sh"
artifacts=(
  org.springframework.boot:spring-boot-starter-web:3.2.5
  org.springframework.boot:spring-boot-starter-security:3.2.5 org.springframework.boot:spring-boot-starter-actuator:3.2.5
  org.springframework.boot:spring-boot-starter-webflux:3.2.5
  org.apache.logging.log4j:log4j-core:2.14.1 com.google.guava:guava:29.0-jre commons-collections:commons-collections:3.2.1
  io.netty:netty-all:4.1.60.Final org.apache.camel:camel-core:4.4.2
  org.apache.zookeeper:zookeeper:3.9.2
   org.eclipse.jetty:jetty-webapp:11.0.20
   io.grpc:grpc-netty:1.63.0 org.postgresql:postgresql:42.7.3
  software.amazon.awssdk:sqs:2.25.60 org.mockito:mockito-core:5.12.0
)
mkdir -p tree/opt/app/lib
{
  echo '<project><modelVersion>4.0.0</modelVersion><groupId>mixed</groupId><artifactId>mixed</artifactId><version>1</version><dependencies>'
  for artifact in "${artifacts[@]}"; do
    IFS=: read -r group name version <<< "$artifact"
    echo "<dependency><groupId>$group</groupId><artifactId>$name</artifactId><version>$version</version></dependency>"
  done
  echo '</dependencies></project>'
} > pom.xml
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime \
  -DoutputDirectory="$work/tree/opt/app/lib" -Dmaven.repo.local="$dir/m2"
pack tree java
