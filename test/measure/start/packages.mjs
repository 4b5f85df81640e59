/** The least that the program can load: Pulumi's SDK, and the packages of its three providers. */
import "@pulumi/pulumi";
import "@pulumi/github";
import "@pulumi/kubernetes";
import "@pulumi/tls";
import { tellProcessorTime } from "./processor-time.mjs";

tellProcessorTime("end");
