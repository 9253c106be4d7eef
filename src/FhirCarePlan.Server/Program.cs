return await FhirCarePlan.Server.CommandLine.Run(args);
