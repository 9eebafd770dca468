"""What `em.examine` looks at, one idea a file, and the table of it all."""

from em.ask.checks import bounds, climbs, joint, limits, recovery, steps

CHECKS = [
    climbs.never_falls,
    steps.of_these,
    steps.depends,
    steps.overwrites,
    steps.same_kind,
    steps.all_count,
    limits.stays,
    limits.level,
    joint.shares,
    joint.adds_up,
    bounds.touches,
    bounds.maximises,
    recovery.recovers,
]
