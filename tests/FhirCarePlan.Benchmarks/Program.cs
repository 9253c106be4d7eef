using FhirCarePlan.Benchmarks;

// Ratios within one run, medians of five: absolute times on shared machines mean nothing.
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- core [WORDS]      parser, validator, index, labels, views against JsonDocument.Parse
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- cold              whole processes: start to first verdict, start of the server
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- http FLOOR        the server against the floor of FLOOR (a built copy of shared/floor)
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- rules             the rules' share of a write
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- hidden            hidden against absent, 2,000 pairs each: can they be told apart by time?
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- hostile           one caller at full speed, and what another feels of it
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- stock FOLDER [organisation | partnership] [SIZE ...]   does cost follow the stock? Stores are kept in FOLDER
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- chain FOLDER-OR-CONNECTION [SIZE]   chains and _has against SQL by hand
//   dotnet run -c Release --project tests/FhirCarePlan.Benchmarks -- export FOLDER [SIZE]   how fast a store leaves by $export, and with how much memory
switch (args)
{
    case ["core", .. var words]:
        new CoreBenchmarks(string.Join(' ', words)).Run();
        return 0;
    case ["cold"]:
        await ColdBenchmarks.Run();
        return 0;
    case ["http", var floor]:
        await HttpBenchmarks.Run(floor);
        return 0;
    case ["rules"]:
        await RulesBenchmarks.Run();
        return 0;
    case ["hidden"]:
        await HiddenBenchmarks.Run();
        return 0;
    case ["hostile"]:
        await HostileBenchmarks.Run();
        return 0;
    case ["stock", var folder, .. var what]:
        await StockBenchmarks.Run(folder, what);
        return 0;
    case ["chain", var where, .. var size]:
        await ChainBenchmarks.Run(where, size is [var resources] ? int.Parse(resources) : 1_000_000);
        return 0;
    case ["export", var folder, .. var size]:
        await ExportBenchmarks.Run(folder, size is [var given] ? int.Parse(given) : 100_000);
        return 0;
    case ["attack", var address]:
        await HostileBenchmarks.Attack(address);
        return 0;
    default:
        Console.Error.WriteLine("core [WORDS] | chain FOLDER-OR-CONNECTION [SIZE] | rules | cold | hidden | hostile | stock FOLDER [organisation | partnership] [SIZE ...] | export FOLDER [SIZE] | http FOLDER-OF-THE-FLOOR (with careplan.json and bin/Release/net10.0/floor.dll)");
        return 2;
}
