Console.Error.WriteLine("usage: Holdfast.Bench <name>");
return 2;
